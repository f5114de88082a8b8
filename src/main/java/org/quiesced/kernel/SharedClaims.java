// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quiesced.device.Device;

/**
 * Claims that several holders within this process may share. Two controllers of one NVMe subsystem share its head
 * disks: both claim the same disk while they are shut down in parallel, and neither is a foreign user to the other.
 * Thread-safe.
 *
 * <p>Each disk has its own lock, which is held while the disk is claimed and while the claim is released: both can
 * block forever, since open(2) and close(2) wait for the driver. Only claimants of that disk wait then. The lock of the
 * table is held across neither.
 */
public final class SharedClaims implements BlockClaims {
    private final BlockClaims claims;
    private final Map<Device, Shared> table = new HashMap<>();

    /** Creates shared claims on top of exclusive ones. */
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

    /** Returns the number of disks that are claimed, or are being claimed or released. */
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

    /** The claim on one disk, with the number of its claimants. */
    private final class Shared {
        private final Device disk;
        /** Number of claimants that hold the claim, wait for it or release it; guarded by the table. */
        private int members;
        /** Number of claimants that hold the claim; guarded by this object. */
        private int holders;
        /** The claim that the holders share; guarded by this object. */
        private Optional<Claim> claim = Optional.empty();

        Shared(Device disk) {
            this.disk = disk;
        }

        synchronized void take() throws IOException {
            if (holders == 0) {
                claim = Optional.of(claims.claim(disk));
            }
            holders++;
        }

        synchronized void giveBack() {
            if (--holders == 0) {
                Claim last = claim.orElseThrow();
                claim = Optional.empty();
                last.close();
            }
        }
    }
}
