// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;

/**
 * The last boot before the present one, as of its start.
 *
 * @param boot its id, from {@code /proc/sys/kernel/random/boot_id}
 * @param drives its drives, of which only the identities are known
 */
public record EndedBoot(String boot, List<DeviceRecord> drives) {
    /** Copies the list. */
    public EndedBoot {
        drives = List.copyOf(drives);
    }
}
