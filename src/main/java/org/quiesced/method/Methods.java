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

    /** Returns the method for a device: the one that the settings ask for, or else the one that is made for its driver. */
    public static Optional<ShutdownMethod> of(Device device, Settings settings) {
        if (settings.method().equals(Optional.of(Settings.Method.UNBIND))) {
            return Optional.of(UNBIND);
        }
        if (device.isBoundTo("pci", "nvme")) {
            return Optional.of(NVME);
        }
        return device.isBoundTo("scsi", "sd") ? Optional.of(SCSI) : Optional.empty();
    }
}
