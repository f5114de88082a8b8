// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Drivers;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;

/**
 * Controllers of NVMe over fabrics. They are virtual devices of class {@code nvme} below the control device of {@code
 * nvme-fabrics} ({@code nvmf_create_ctrl} in {@code drivers/nvme/host/fabrics.c}), on no bus, so sysfs shows no link to
 * a driver: the driver is the transport, whose module is named {@code nvme-TRANSPORT}. It is unbound by deleting the
 * controller, which ends the connection.
 */
final class FabricsControllers implements Drivers {
    private static final String PLACE = "/devices/virtual/nvme-fabrics/ctl/";
    private static final String CLASS = "nvme";

    private final String sys;

    FabricsControllers(Path sys) {
        this.sys = sys.toString();
    }

    /** Returns the driver of a device of a class; empty if the device is not a controller of NVMe over fabrics. */
    Optional<String> driverOf(String path, String subsystem) {
        return subsystem.equals(CLASS) && path.startsWith(PLACE)
                ? PseudoFile.read(sys + path + "/transport").map(transport -> "nvme-" + transport)
                : Optional.empty();
    }

    @Override
    public Optional<String> present(Device device) {
        return driverOf(device.path(), device.subsystem());
    }

    /**
     * {@inheritDoc} The kernel removes the namespaces, sends the normal shutdown notification if the controller is
     * live, and ends the connection ({@code nvme_do_delete_ctrl} in {@code drivers/nvme/host/core.c}); the write
     * returns after that. It refuses a controller that is being created (EBUSY); a controller that is being deleted
     * does not have the attribute.
     */
    @Override
    public void unbind(Device device) throws IOException {
        try (NativeFile file = NativeFile.openForWriting(sys + device.path() + "/delete_controller")) {
            file.write("1");
        } catch (ErrnoException e) {
            if (Files.exists(Path.of(sys + device.path()))) {
                throw e;
            }
        }
    }

    /** {@inheritDoc} A controller without a transport is gone. */
    @Override
    public void awaitUnbound(Device device) {}

    @Override
    public void bind(Device device) throws IOException {
        throw new IOException(device.name() + ": the connection cannot be made again");
    }

    /** {@inheritDoc} A virtual device has no consumers, and the devices below it have no driver. */
    @Override
    public List<String> boundDependents(Device device, DeviceTree below) {
        return List.of();
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return Optional.empty();
    }
}
