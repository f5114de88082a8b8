// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;

/** The shutdown methods, and the choice of one for a device. */
public final class Methods {
    private static final ShutdownMethod NVME = new NvmeMethod();
    private static final ShutdownMethod SCSI = new ScsiMethod();
    private static final ShutdownMethod UNBIND = new UnbindMethod();

    private Methods() {}

    /**
     * Returns the method for a device: the one for its driver, or if there is none, {@code unbind} if the settings
     * request it. A driver's own method cannot be replaced by {@code unbind}, because it knows what the driver does
     * when it is unbound, and from which devices the driver must not be unbound. For such a driver {@code unbind} only
     * means that nothing is flushed.
     */
    public static Optional<ShutdownMethod> of(Device device, Settings settings) {
        Optional<ShutdownMethod> own = of(device);
        return own.isEmpty() && settings.asksToUnbind() ? Optional.of(UNBIND) : own;
    }

    private static Optional<ShutdownMethod> of(Device device) {
        if (device.isBoundTo("pci", "nvme")) {
            return Optional.of(NVME);
        }
        return device.isBoundTo("scsi", "sd") ? Optional.of(SCSI) : Optional.empty();
    }
}
