// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quiesced.device.Device;

/**
 * Claims that may be held several times over within this process. Two controllers of one NVMe subsystem share its head disks: both claim
 * the same disk while they go down side by side, and neither is a foreign user to the other. Safe for use by several threads.
 */
public final class SharedClaims implements BlockClaims {
    private final BlockClaims claims;
    private final Map<Device, Held> held = new HashMap<>();

    /** Makes shared claims of exclusive ones. */
    public SharedClaims(BlockClaims claims) {
        this.claims = claims;
    }

    @Override
    public Claim claim(Device disk) throws IOException {
        synchronized (held) {
            Held existing = held.get(disk);
            if (existing == null) {
                existing = new Held(claims.claim(disk));
                held.put(disk, existing);
            }
            existing.holders++;
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                release(disk);
            }
        };
    }

    private void release(Device disk) {
        synchronized (held) {
            Held existing = held.get(disk);
            if (--existing.holders == 0) {
                held.remove(disk);
                existing.claim.close();
            }
        }
    }

    @Override
    public Optional<DiskUser> userOf(Device disk) {
        return claims.userOf(disk);
    }

    private static final class Held {
        private final Claim claim;
        private int holders;

        Held(Claim claim) {
            this.claim = claim;
        }
    }
}
