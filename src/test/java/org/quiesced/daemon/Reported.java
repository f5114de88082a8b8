// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.Optional;
import org.quiesced.log.Logging;

/** Creates reports for daemons under test, which write no record. */
final class Reported {
    private Reported() {}

    static Reports to(Logging.ShutdownLog log, EventStream events) {
        return new Reports(log, events, recorder());
    }

    static ShutdownRecorder recorder() {
        return new ShutdownRecorder(
                Optional.empty(),
                new ShutdownRecorder.Boot("boot", "6.1.0", () -> 100_000_000_000L, () -> 1.0e9),
                () -> {
                    throw new AssertionError("nothing is written");
                });
    }
}
