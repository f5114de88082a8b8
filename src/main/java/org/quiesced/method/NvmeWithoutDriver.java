// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.shutdown.Verb;

/**
 * NVMe controllers on PCI that are not bound to the {@code nvme} driver, but to another one or to none: the kernel
 * shows no disks of them, and its walk does not notify them. Only controllers for whose driver the configuration sets
 * the method are touched.
 */
final class NvmeWithoutDriver implements DriveType {
    /** The driver that passes a device to a program without an IOMMU. */
    static final String UIO = "uio_pci_generic";

    private static final String BUS = "pci";

    private static final ShutdownMethod METHOD = new NvmeRegistersMethod();

    private final DriverBinding binding;

    /**
     * Creates the type.
     *
     * @param driver the driver, or {@link DriverBinding#NONE}
     */
    NvmeWithoutDriver(String driver) {
        this.binding = new DriverBinding(BUS, driver, "*:*");
    }

    @Override
    public DriverBinding binding() {
        return binding;
    }

    @Override
    public boolean covers(Device device) {
        return binding.covers(device) && device.attribute("class").equals(Optional.of(NvmeRegisters.PCI_CLASS));
    }

    @Override
    public Optional<Settings.Method> required() {
        return Optional.of(Settings.Method.NVME_REGISTERS);
    }

    @Override
    public ShutdownMethod method() {
        return METHOD;
    }

    @Override
    public Set<Settings.Key> keys() {
        return Set.of();
    }

    @Override
    public TreeAttributes attributes() {
        return new TreeAttributes(Map.of(BUS, List.of("class")));
    }

    @Override
    public Set<String> watchedSubsystems() {
        return Set.of();
    }

    @Override
    public void flush(Device disk, Kernel kernel) throws IOException {
        throw new IOException(disk.name() + ": the kernel has no disk of this drive");
    }

    @Override
    public boolean isAwaitedByKernel(Device drive, Storage storage, Verb verb) {
        return false;
    }

    @Override
    public SampleDrive sample(int number) {
        boolean isVfio = binding.driver().equals(NvmeRegisters.VFIO_DRIVER);
        // The bus number distinguishes the types of drivers.
        String bridge = isVfio ? "2" : binding.driver().equals(UIO) ? "3" : "4";
        String path = "/devices/pci0000:00/0000:" + bridge + number + ":00.0";
        // Ordinary text files, in which the memory space is enabled, no register has all ones, and none a fatal status.
        Map<String, String> attributes = Map.of(
                "class",
                NvmeRegisters.PCI_CLASS,
                "enable",
                "1",
                "config",
                "\"".repeat(64),
                "resource0",
                " ".repeat(4096));
        Optional<String> driver = Optional.of(binding.driver()).filter(name -> !name.equals(DriverBinding.NONE));
        return new SampleDrive(
                List.of(new Device(path, BUS, true, driver, attributes)),
                isVfio ? List.of("vfio/vfio", "vfio/" + number) : List.of(),
                isVfio ? Map.of(path + "/iommu_group", "/kernel/iommu_groups/" + number) : Map.of());
    }
}
