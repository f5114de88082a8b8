// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;

/** Whether a disk may be touched. */
public final class DiskUse {
    private DiskUse() {}

    /**
     * Returns why a disk may not be touched, or nothing if it is free. A disk whose user the kernel shows is not opened; any other is
     * claimed, for that alone proves that it is free, and given back at once.
     */
    public static Optional<Reason> of(Device disk, BlockClaims claims) {
        Optional<DiskUser> user = claims.userOf(disk);
        if (user.isPresent()) {
            return Optional.of(new Reason.InUse(disk.name(), user.get().words()));
        }
        try {
            claims.claim(disk).close();
            return Optional.empty();
        } catch (DeviceInUseException e) {
            return Optional.of(new Reason.InUse(e.disk(), e.user()));
        } catch (IOException e) {
            return Optional.of(new Reason.Unknowable(e.getMessage()));
        }
    }
}
