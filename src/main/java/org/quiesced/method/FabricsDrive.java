// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.shutdown.Verb;

/**
 * Controllers of NVMe over fabrics with one transport. The device with the driver is the controller itself, a virtual
 * device of class {@code nvme}.
 */
final class FabricsDrive implements DriveType {
    private static final List<String> TRANSPORTS = List.of("tcp", "rdma", "fc", "loop");

    private static final ShutdownMethod METHOD = new FabricsMethod();

    /** The directory of the controllers in that of virtual devices. */
    private static final String FABRICS = "nvme-fabrics";

    private final String transport;

    private FabricsDrive(String transport) {
        this.transport = transport;
    }

    /** Returns a type for each transport of the kernel. */
    static Stream<DriveType> ofAllTransports() {
        return TRANSPORTS.stream().map(FabricsDrive::new);
    }

    @Override
    public DriverBinding binding() {
        return new DriverBinding(NvmeMethod.CLASS, "nvme-" + transport, "nvme*");
    }

    /** Empty: the late phase does nothing for these drives. */
    @Override
    public Optional<String> hookGlob() {
        return Optional.empty();
    }

    @Override
    public ShutdownMethod method() {
        return METHOD;
    }

    @Override
    public Set<Settings.Key> keys() {
        return Set.of(Settings.Key.FLUSH);
    }

    @Override
    public TreeAttributes attributes() {
        return new TreeAttributes(Map.of(NvmeMethod.CLASS, List.of("state", "transport", "model", Attributes.OWNER)));
    }

    @Override
    public TreeAttributes capturedAttributes() {
        return new TreeAttributes(Map.of(NvmeMethod.CLASS, List.of("subsysnqn", "address")));
    }

    @Override
    public Set<String> watchedSubsystems() {
        return Set.of(NvmeMethod.CLASS, FABRICS);
    }

    @Override
    public String labelClass() {
        return NvmeMethod.CLASS;
    }

    @Override
    public void flush(Device disk, Kernel kernel) throws IOException {
        kernel.nvme().flush(disk);
    }

    /** {@inheritDoc} The walk calls no driver for a virtual device. */
    @Override
    public boolean isAwaitedByKernel(Device drive, Storage storage, Verb verb) {
        return false;
    }

    @Override
    public SampleDrive sample(int number) {
        String name = "nvme" + (10 * (1 + TRANSPORTS.indexOf(transport)) + number);
        String path = "/devices/virtual/" + FABRICS + "/ctl/" + name;
        return new SampleDrive(
                List.of(
                        new Device(
                                path,
                                NvmeMethod.CLASS,
                                false,
                                Optional.of(binding().driver()),
                                Map.of("state", NvmeMethod.LIVE, "transport", transport, "delete_controller", "")),
                        SampleDrive.ofClass(path + "/" + name + "n1", "block", Map.of())),
                List.of(name));
    }
}
