// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Holders;

/** Stops and announcements of holders, as recorded calls. */
final class FaultyHolders implements Holders {
    private final Holders holders;
    private final FaultyCalls calls;

    FaultyHolders(Holders holders, FaultyCalls calls) {
        this.holders = holders;
        this.calls = calls;
    }

    @Override
    public boolean isThere(Device holder) {
        return !calls.disks().hasVanished(holder)
                && calls.orNothing(Site.IS_THERE, holder, "", () -> Optional.of(holders.isThere(holder)))
                        .orElse(true);
    }

    @Override
    public void stop(Device holder) throws IOException {
        calls.act(Site.STOP_HOLDER, holder, () -> {
            holders.stop(holder);
            calls.disks().noteReleased(calls.now());
        });
    }

    @Override
    public void announce(Device holder) throws IOException {
        calls.act(Site.ANNOUNCE, holder, () -> holders.announce(holder));
    }
}
