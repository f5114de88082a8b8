// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.quiesced.device.Device;
import org.quiesced.kernel.Phase;
import org.quiesced.kernel.TimeSpan;
import org.quiesced.kernel.Verb;

/** Why a device is left to the kernel. */
public sealed interface Reason {
    /** Returns the reason in words, to follow "left to the kernel: ". */
    String words();

    /** The configuration says {@code mode = "off"}. */
    record Off() implements Reason {
        @Override
        public String words() {
            return "mode is off";
        }
    }

    /** We have no method for the driver. */
    record NoMethod(String driver) implements Reason {
        @Override
        public String words() {
            return "no method for driver " + driver;
        }
    }

    /** The configuration says {@code shutdown = "kernel"}. */
    record OptedOut() implements Reason {
        @Override
        public String words() {
            return "opted out";
        }
    }

    /** A disk of the device has a user. */
    record InUse(String disk, String user) implements Reason {
        @Override
        public String words() {
            return disk + " is in use: " + user;
        }
    }

    /** Whether a disk of the device is in use can't be found out. */
    record Unknowable(String detail) implements Reason {
        @Override
        public String words() {
            return "can't tell whether it is in use: " + detail;
        }
    }

    /** The configuration keeps the device out of this phase of this verb's shutdown. */
    record OtherPhase(Phase phase, Verb verb) implements Reason {
        @Override
        public String words() {
            return "not in the " + phase.word() + " phase of " + verb.word();
        }
    }

    /** A device that depends on this one is left to the kernel. */
    record HeldBack(Device by) implements Reason {
        @Override
        public String words() {
            return "held back by " + by.name();
        }
    }

    /** The device is one of some that depend on each other in a circle. */
    record Circular(List<Device> members) implements Reason {
        @Override
        public String words() {
            return "circular dependency among "
                    + members.stream().map(Device::name).collect(Collectors.joining(", "));
        }
    }

    /** Shutting it down failed. */
    record Failed(String detail) implements Reason {
        @Override
        public String words() {
            return "failed: " + detail;
        }
    }

    /** It did not end in its time; it is in flight still, and the kernel will wait for it. */
    record TimedOut(Duration after) implements Reason {
        @Override
        public String words() {
            return "not down after " + TimeSpan.format(after) + ", still in flight";
        }
    }

    /**
     * The deadline of the whole run came first.
     *
     * @param inFlight whether the device was started; the kernel will wait for it then
     */
    record DeadlineReached(boolean inFlight) implements Reason {
        @Override
        public String words() {
            return "deadline reached, " + (inFlight ? "still in flight" : "not started");
        }
    }
}
