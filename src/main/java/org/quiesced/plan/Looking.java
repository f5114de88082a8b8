// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;

/** Claims that are not made: a user that shows is believed, and a disk whose user does not show is taken for free. */
record Looking(BlockClaims claims) implements BlockClaims {
    @Override
    public Claim claim(Device disk) {
        return () -> {};
    }

    @Override
    public Optional<DiskUser> userOf(Device disk) {
        return claims.userOf(disk);
    }

    @Override
    public Optional<DiskUser> ownUserOf(Device part) {
        return claims.ownUserOf(part);
    }

    /** Claims that do not even look. */
    static final class Away implements BlockClaims {
        @Override
        public Claim claim(Device disk) {
            return () -> {};
        }

        @Override
        public Optional<DiskUser> userOf(Device disk) {
            return Optional.empty();
        }

        @Override
        public Optional<DiskUser> ownUserOf(Device part) {
            return Optional.empty();
        }
    }
}
