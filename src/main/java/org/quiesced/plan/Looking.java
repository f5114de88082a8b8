// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.VisibleUsers;

/** Claims that are not made: a user that shows is believed, and a disk whose user does not show is taken for free. */
record Looking(BlockClaims claims) implements BlockClaims {
    @Override
    public Claim claim(Device disk) {
        return () -> {};
    }

    @Override
    public VisibleUsers visibleUsers() {
        return claims.visibleUsers();
    }

    /** Claims that do not even look. */
    static final class Away implements BlockClaims {
        @Override
        public Claim claim(Device disk) {
            return () -> {};
        }

        @Override
        public VisibleUsers visibleUsers() {
            return VisibleUsers.NONE;
        }
    }
}
