// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quiesced.kernel.DeviceEvents;

/** Events that a test or simulation triggers. */
public final class SimulatedEvents implements DeviceEvents {
    private static final Lost END = new Lost();

    private final LinkedBlockingQueue<Notice> notices = new LinkedBlockingQueue<>();

    /** Creates a source without events. */
    public SimulatedEvents() {}

    /** Triggers an event. Thread-safe. */
    public void happen(Notice notice) {
        notices.add(notice);
    }

    @Override
    public Optional<Notice> await(Duration limit) throws IOException {
        try {
            Notice notice = notices.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (notice == END) {
                throw new IOException("the events have ended");
            }
            return Optional.ofNullable(notice);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        notices.add(END);
    }
}
