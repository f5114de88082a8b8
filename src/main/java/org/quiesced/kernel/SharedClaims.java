// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quiesced.device.Device;

/**
 * Claims that may be held several times over within this process. Two controllers of one NVMe subsystem share its head
 * disks: both claim the same disk while they go down side by side, and neither is a foreign user to the other. Safe for
 * use by several threads.
 *
 * <p>Each disk has a lock of its own, which is held while the disk is claimed and while the claim is given back: both
 * can take for ever, since open(2) and close(2) wait for the driver. Only claimants of that disk wait then. The lock of
 * the table is never held across either.
 */
public final class SharedClaims implements BlockClaims {
    private final BlockClaims claims;
    private final Map<Device, Shared> table = new HashMap<>();

    /** Makes shared claims of exclusive ones. */
    public SharedClaims(BlockClaims claims) {
        this.claims = claims;
    }

    @Override
    public Claim claim(Device disk) throws IOException {
        Shared shared = join(disk);
        boolean taken = false;
        try {
            shared.take();
            taken = true;
        } finally {
            if (!taken) {
                leave(shared);
            }
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                try {
                    shared.giveBack();
                } finally {
                    leave(shared);
                }
            }
        };
    }

    @Override
    public VisibleUsers visibleUsers() {
        return claims.visibleUsers();
    }

    /** Returns how many disks are claimed, or are being claimed or given back. */
    int size() {
        synchronized (table) {
            return table.size();
        }
    }

    private Shared join(Device disk) {
        synchronized (table) {
            Shared shared = table.computeIfAbsent(disk, Shared::new);
            shared.members++;
            return shared;
        }
    }

    private void leave(Shared shared) {
        synchronized (table) {
            if (--shared.members == 0) {
                table.remove(shared.disk);
            }
        }
    }

    /** The claim on one disk, and who has a part in it. */
    private final class Shared {
        private final Device disk;
        /** Who holds the claim, waits for it or gives it back; guarded by the table. */
        private int members;
        /** Who holds the claim; guarded by this object. */
        private int holders;

        private Claim claim;

        Shared(Device disk) {
            this.disk = disk;
        }

        synchronized void take() throws IOException {
            if (holders == 0) {
                claim = claims.claim(disk);
            }
            holders++;
        }

        synchronized void giveBack() {
            if (--holders == 0) {
                claim.close();
            }
        }
    }
}
