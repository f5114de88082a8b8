// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.config.Settings;
import org.quiesced.config.TimeSpan;
import org.quiesced.device.Device;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.User;
import org.quiesced.method.Unready;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** The reason why a device is left to the kernel. */
public sealed interface Reason {
    /** Returns the reason in words, to be preceded by "left to the kernel: ". */
    String describe();

    /**
     * Returns the reason in words, to be preceded by the name of the drive, as in {@code nvme3: in use, mounted on /}.
     */
    default String brief() {
        return describe();
    }

    /**
     * Returns whether the reason is also reported for a device that is not a drive. It is normal that bridges and the
     * like are left to the kernel.
     */
    default boolean isNews() {
        return true;
    }

    /** Returns whether a step was begun at the device that may not have ended. */
    default boolean inFlight() {
        return false;
    }

    /** The configuration sets {@code mode = "off"}. */
    record Off() implements Reason {
        @Override
        public String describe() {
            return "mode is off";
        }

        @Override
        public boolean isNews() {
            return false;
        }
    }

    /** There is no method for the driver. */
    record NoMethod(String driver) implements Reason {
        @Override
        public String describe() {
            return "no method for driver " + driver;
        }

        @Override
        public boolean isNews() {
            return false;
        }
    }

    /** The configuration does not set the method that the device's driver requires. */
    record NotAsked(String driver, Settings.Method method) implements Reason {
        @Override
        public String describe() {
            return "not notified without method = \"" + method.word() + "\" for " + driver;
        }
    }

    /** The configuration sets {@code shutdown = "kernel"}. */
    record OptedOut() implements Reason {
        @Override
        public String describe() {
            return "opted out";
        }
    }

    /** The configuration does not opt the device in, and the kernel itself shuts it down in parallel. */
    record KernelIsParallel() implements Reason {
        @Override
        public String describe() {
            return "not opted in, and this kernel shuts it down in parallel";
        }
    }

    /**
     * A disk of the device has a user.
     *
     * @param noExitrd why no exitrd releases the device, if its user is the root file system
     * @param freedBy the kinds of holders that the key {@code release} would have to name for the disk to be free;
     *     empty if that would not help
     */
    record InUse(String disk, User user, Optional<String> noExitrd, Set<HolderKind> freedBy) implements Reason {
        /** Copies the set. */
        public InUse {
            freedBy = Set.copyOf(freedBy);
        }

        /** Creates the reason of a device that neither an exitrd nor the key {@code release} would free. */
        public InUse(String disk, User user) {
            this(disk, user, Optional.empty(), Set.of());
        }

        /** Returns a copy with the kinds of holders that would have to be stopped. */
        public InUse with(Set<HolderKind> kinds) {
            return new InUse(disk, user, noExitrd, kinds);
        }

        @Override
        public String describe() {
            return disk + " is in use: " + describeUser();
        }

        @Override
        public String brief() {
            return "in use, " + describeUser();
        }

        private String describeUser() {
            return user.describe()
                    + noExitrd.map(why -> ", no exitrd: " + why).orElse("")
                    + (freedBy.isEmpty() ? "" : "; " + HolderKind.line(freedBy) + " would free it");
        }
    }

    /** No command is sent to the device, because of its state or its driver. */
    record NotReady(Unready why) implements Reason {
        @Override
        public String describe() {
            return why.describe();
        }
    }

    /** It cannot be determined whether a disk of the device is in use. */
    record Unknowable(String detail) implements Reason {
        @Override
        public String describe() {
            return "cannot determine whether it is in use: " + detail;
        }
    }

    /** The configuration excludes the device from this phase for this verb. */
    record OtherPhase(Phase phase, Verb verb) implements Reason {
        @Override
        public String describe() {
            return "not in the " + phase.word() + " phase of " + verb.word();
        }
    }

    /**
     * No user was observed to release a disk of the device, or a partition, in this shutdown, so that it may have an
     * unknown user.
     *
     * @param what the disk or partition, or the device if it has no disk
     */
    record NotReleased(String what) implements Reason {
        @Override
        public String describe() {
            return "" + what + " was not observed to be released in this shutdown";
        }
    }

    /**
     * The device needs the network, which may be gone by the late phase.
     *
     * @param inFlight whether its connection is being ended; the kernel does not wait for that
     */
    record NetworkGone(boolean inFlight) implements Reason {
        @Override
        public String describe() {
            return "it needs the network, which may be gone by now" + (inFlight ? ", still being disconnected" : "");
        }
    }

    /** The shutdown was cancelled. */
    record Cancelled() implements Reason {
        @Override
        public String describe() {
            return "the shutdown was cancelled";
        }
    }

    /**
     * The shutdown hook has ended before the run.
     *
     * @param inFlight as in {@link DeadlineReached}
     */
    record HookEnded(boolean inFlight) implements Reason {
        @Override
        public String describe() {
            return "the shutdown hook has ended, " + (inFlight ? "still in flight" : "not started");
        }
    }

    /** A device that depends on this one is left to the kernel. */
    record HeldBack(Device by) implements Reason {
        @Override
        public String describe() {
            return "held back by " + by.name();
        }
    }

    /** The device is in a dependency cycle. */
    record Circular(List<Device> members) implements Reason {
        @Override
        public String describe() {
            return "circular dependency among "
                    + members.stream().map(Device::name).collect(Collectors.joining(", "));
        }

        /** Returns the warning about the cycle as a whole. */
        public String warning() {
            return "These devices depend on each other in a cycle and are left to the kernel: "
                    + members.stream().map(Device::path).collect(Collectors.joining(", "));
        }
    }

    /** A step of its shutdown failed. */
    record Failed(String detail) implements Reason {
        @Override
        public String describe() {
            return "failed: " + detail;
        }
    }

    /**
     * The device did not end within its time limit.
     *
     * @param inFlight whether its driver is being unbound, for which the kernel waits; otherwise nothing was changed,
     *     and nothing will be
     */
    record TimedOut(Duration after, boolean inFlight) implements Reason {
        @Override
        public String describe() {
            return inFlight
                    ? "not down after " + TimeSpan.format(after) + ", still in flight"
                    : "not ready after " + TimeSpan.format(after) + ", its driver stays";
        }
    }

    /**
     * The deadline of the whole run passed before the device ended.
     *
     * @param inFlight whether its driver is being unbound, for which the kernel waits; otherwise nothing was changed,
     *     and nothing will be
     */
    record DeadlineReached(boolean inFlight) implements Reason {
        @Override
        public String describe() {
            return "deadline reached, " + (inFlight ? "still in flight" : "not started");
        }
    }
}
