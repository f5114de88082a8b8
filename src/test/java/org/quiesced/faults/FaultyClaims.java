// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;

/** Claims on disks, as recorded calls. */
final class FaultyClaims implements BlockClaims {
    private final BlockClaims claims;
    private final FaultyCalls calls;

    FaultyClaims(BlockClaims claims, FaultyCalls calls) {
        this.claims = claims;
        this.calls = calls;
    }

    @Override
    public Claim claim(Device disk) throws IOException {
        try {
            return calls.call(Site.CLAIM, disk, () -> {
                if (calls.disks().mountedSince(disk).isPresent()) {
                    throw new DeviceInUseException(disk, new User.Described("mounted on /new"));
                }
                Claim claim = claims.claim(disk);
                calls.disks().claimed(disk);
                return () -> close(disk, claim);
            });
        } catch (IOException e) {
            if (calls.disks().hasVanished(disk)) {
                // A disk that is gone has no user.
                return () -> {};
            }
            throw e;
        }
    }

    @Override
    public VisibleUsers visibleUsers() {
        return claims.visibleUsers();
    }

    private void close(Device disk, Claim claim) {
        calls.orNothing(Site.CLOSE, disk, "", Optional::empty);
        calls.disks().unclaimed(disk);
        claim.close();
    }
}
