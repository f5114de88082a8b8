// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.LocalListener.Peer;

/** A connection without input, which discards its output. */
record IdleConnection(Peer peer, boolean isClosedByPeer) implements Connection {
    @Override
    public void limitWaiting(Duration limit) {}

    @Override
    public int read(byte[] buffer) {
        return 0;
    }

    @Override
    public void write(byte[] data) {}

    @Override
    public void close() {}
}
