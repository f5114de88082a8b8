// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import java.util.function.Function;
import org.quiesced.shutdown.Verb;

/**
 * When the kernel's {@code sd} driver stops a disk while the machine shuts down ({@code sd_shutdown} in
 * {@code drivers/scsi/sd.c}): where there is no {@code manage_system_start_stop}, if {@code manage_start_stop} is set;
 * where there is (Linux 6.6, and stable kernels that have taken it over), if that is; and at power-off only, also if
 * {@code manage_shutdown} (Linux 6.7) is. At a restart, which for the driver a kexec is too
 * ({@code kernel_restart_prepare}), it stops the disk if {@code manage_restart} is there and set (newer kernels).
 */
public final class StopPolicy {
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
