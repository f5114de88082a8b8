// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;

/**
 * Why a disk may not be touched at this moment.
 *
 * @param reason the reason: {@link Reason.InUse} or {@link Reason.Unknowable}
 * @param user the user, and when it lets go; a user that does not show is taken for one that stays
 */
public record DiskUse(Reason reason, DiskUser user) {
    /**
     * Returns why a disk may not be touched, or nothing if it is free. A disk whose user the kernel shows is not opened; any other is
     * claimed, for that alone proves that it is free, and given back at once.
     */
    public static Optional<DiskUse> of(Device disk, BlockClaims claims) {
        Optional<DiskUser> user = claims.userOf(disk);
        if (user.isPresent()) {
            return Optional.of(
                    new DiskUse(new Reason.InUse(disk.name(), user.get().words()), user.get()));
        }
        try {
            claims.claim(disk).close();
            return Optional.empty();
        } catch (DeviceInUseException e) {
            return Optional.of(new DiskUse(new Reason.InUse(e.disk(), e.user()), new DiskUser(e.user(), true)));
        } catch (IOException e) {
            Reason reason = new Reason.Unknowable(e.getMessage());
            return Optional.of(new DiskUse(reason, new DiskUser(reason.words(), true)));
        }
    }
}
