// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;

/** The methods that there are. */
public final class Methods {
    private static final ShutdownMethod NVME = new NvmeMethod();
    private static final ShutdownMethod SCSI = new ScsiMethod();
    private static final ShutdownMethod UNBIND = new UnbindMethod();

    private Methods() {}

    /**
     * Returns the method for a device: the one that is made for its driver, or else {@code unbind} if the settings ask
     * for that. Where there is one for the driver they cannot ask for less: it knows what the driver does as it leaves,
     * and which devices it must not be taken from. {@code unbind} then only means that nothing is flushed.
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
