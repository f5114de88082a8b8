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
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.TreeAttributes;

/** NVMe controllers on PCI. */
final class NvmeDrive implements DriveType {
    private static final String BUS = "pci";
    private static final String DRIVER = "nvme";

    /** The class of multipath subsystems, virtual devices above the head disks. */
    private static final String SUBSYSTEM_CLASS = "nvme-subsystem";

    private static final DriverBinding BINDING = new DriverBinding(BUS, DRIVER, "*:*");
    private static final ShutdownMethod METHOD = new NvmeMethod();
    private static final DriveQuery QUERY = new NvmeQuery();

    @Override
    public DriverBinding binding() {
        return BINDING;
    }

    @Override
    public ShutdownMethod method() {
        return METHOD;
    }

    @Override
    public Optional<DriveQuery> query() {
        return Optional.of(QUERY);
    }

    @Override
    public Optional<DriveIdentity> identity(Device drive, Storage storage, Attributes attributes) {
        return storage.firstBelow(drive, NvmeMethod.CLASS)
                .flatMap(controller -> DriveIdentity.of(controller, "model", "serial", attributes));
    }

    @Override
    public Set<Settings.Key> keys() {
        return Set.of(Settings.Key.FLUSH);
    }

    @Override
    public TreeAttributes attributes() {
        return new TreeAttributes(Map.of(NvmeMethod.CLASS, List.of("state", "transport", "model")));
    }

    @Override
    public TreeAttributes capturedAttributes() {
        return new TreeAttributes(Map.of(
                NvmeMethod.CLASS,
                List.of("serial", "firmware_rev", "subsysnqn"),
                SUBSYSTEM_CLASS,
                List.of("model", "serial", "subsysnqn")));
    }

    @Override
    public Set<String> watchedSubsystems() {
        return Set.of(NvmeMethod.CLASS, SUBSYSTEM_CLASS);
    }

    @Override
    public String labelClass() {
        return NvmeMethod.CLASS;
    }

    @Override
    public void flush(Device disk, Kernel kernel) throws IOException {
        kernel.nvme().flush(disk);
    }

    @Override
    public SampleDrive sample(int number) {
        String path = "/devices/pci0000:00/0000:0" + number + ":00.0";
        String name = "nvme" + number;
        String controller = path + "/nvme/" + name;
        return new SampleDrive(
                List.of(
                        SampleDrive.bound(path, BUS, DRIVER),
                        SampleDrive.ofClass(controller, NvmeMethod.CLASS, Map.of("state", NvmeMethod.LIVE)),
                        SampleDrive.ofClass(controller + "/" + name + "n1", "block", Map.of())),
                List.of(name));
    }
}
