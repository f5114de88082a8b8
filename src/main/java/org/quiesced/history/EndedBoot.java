// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;

/**
 * The boot that ended last, as it was known when it began.
 *
 * @param boot its identifier, as {@code /proc/sys/kernel/random/boot_id} has it
 * @param drives its drives, of which nothing is known but what they are
 */
public record EndedBoot(String boot, List<DeviceRecord> drives) {
    /** Copies the list. */
    public EndedBoot {
        drives = List.copyOf(drives);
    }
}
