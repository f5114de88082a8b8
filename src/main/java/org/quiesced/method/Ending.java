// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.config.TimeSpan;

/** The result of a device's shutdown after its driver was unbound, or it was notified. */
public sealed interface Ending {
    /** Returns the result in words, to be preceded by the name of the device and "is". */
    String describe();

    /** Returns the shortcoming in words; empty if the device is down. */
    default Optional<String> shortcoming() {
        return this instanceof Down ? Optional.empty() : Optional.of(describe());
    }

    /** Returns whether the device has confirmed its shutdown; otherwise it may not be down. */
    default boolean isConfirmed() {
        return true;
    }

    /**
     * All steps were done, and the device has confirmed its shutdown, unless its driver asks for no confirmation: those
     * named {@code nvme-fc} and {@code nvme-loop} only disconnect a controller, whose caches are written.
     */
    record Down() implements Ending {
        @Override
        public String describe() {
            return "down";
        }
    }

    /** The cache is written and the driver is gone, but the disk rejected the command to stop. */
    record NotStopped(String detail) implements Ending {
        @Override
        public String describe() {
            return "down, but not stopped: " + detail;
        }
    }

    /** The connection to the device has ended, but its target did not answer. */
    record Unreached() implements Ending {
        @Override
        public String describe() {
            return "disconnected, but was not notified: its target does not answer";
        }
    }

    /** The driver is gone, but stopped waiting before the device had completed the shutdown. */
    record Unconfirmed(Duration after) implements Ending {
        @Override
        public String describe() {
            return "unbound, but did not confirm its shutdown within " + TimeSpan.format(after);
        }

        @Override
        public boolean isConfirmed() {
            return false;
        }
    }

    /** The device was notified without a driver, and did not complete the shutdown in time. */
    record Unanswered(Duration after) implements Ending {
        @Override
        public String describe() {
            return "notified, but did not confirm its shutdown within " + TimeSpan.format(after);
        }

        @Override
        public boolean isConfirmed() {
            return false;
        }
    }
}
