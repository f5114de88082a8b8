// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import java.util.function.Function;
import org.quiesced.shutdown.Verb;

/**
 * The conditions under which the kernel's {@code sd} driver stops a disk at shutdown ({@code sd_shutdown} in {@code
 * drivers/scsi/sd.c}). Without the attribute {@code manage_system_start_stop}, {@code manage_start_stop} must be set;
 * with it (Linux 6.6, and stable kernels with the backport), it must be set itself. At power-off only, {@code
 * manage_shutdown} (Linux 6.7) also suffices. At a restart, which for the driver includes a kexec ({@code
 * kernel_restart_prepare}), {@code manage_restart} must exist and be set (newer kernels).
 */
final class StopPolicy {
    private StopPolicy() {}

    /**
     * Returns whether a disk is to be stopped.
     *
     * @param attributes the values of the attributes of the disk's {@code scsi_disk} device
     */
    public static boolean isWanted(Verb verb, Function<String, Optional<String>> attributes) {
        if (!verb.stopsDisks()) {
            return attributes.apply("manage_restart").equals(Optional.of("1"));
        }
        boolean perSystem = attributes
                .apply("manage_system_start_stop")
                .or(() -> attributes.apply("manage_start_stop"))
                .equals(Optional.of("1"));
        return perSystem
                || verb == Verb.POWEROFF && attributes.apply("manage_shutdown").equals(Optional.of("1"));
    }
}
