// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * The result of a run: its events, from which all reports are made. Immutable.
 *
 * @param verb the last verb of the run
 * @param events all events, in the order in which the coordinator received them; those of one device are in
 *     chronological order
 * @param took duration of the run
 */
public record Timeline(Verb verb, List<Event> events, Duration took) {
    /** Copies the list. */
    public Timeline {
        events = List.copyOf(events);
    }

    /**
     * The outcome of one device.
     *
     * @param started when its shutdown began, in nanoseconds since the run began; empty if it did not
     * @param ended when its outcome was settled, in the same unit
     * @param leftBecause why it was left to the kernel; empty if it was not
     * @param ending how its shutdown ended; empty if it was left
     */
    public record Outcome(
            Device device, Optional<Long> started, long ended, Optional<Reason> leftBecause, Optional<Ending> ending) {
        /** Returns whether the run shut the device down; false if the device did not confirm it. */
        public boolean isDown() {
            return ending.filter(Ending::isConfirmed).isPresent();
        }

        private Outcome with(Ending later) {
            return new Outcome(device, started, ended, leftBecause, Optional.of(later));
        }

        /** Returns a problem of a device whose driver is gone, in words; empty if there is none. */
        public Optional<String> shortcoming() {
            return ending.flatMap(Ending::shortcoming);
        }
    }

    /** Returns the outcome of each device, in the order of the plan. */
    public List<Outcome> outcomes() {
        Map<Device, Long> started = new LinkedHashMap<>();
        Map<Device, Optional<Outcome>> outcomes = new LinkedHashMap<>();
        for (Event event : events) {
            Optional<Long> start = Optional.ofNullable(started.get(event.device()));
            if (event instanceof Event.Planned planned) {
                outcomes.put(planned.device(), Optional.empty());
            } else if (event instanceof Event.Started begun) {
                started.put(begun.device(), begun.at());
            } else if (event instanceof Event.Done done) {
                outcomes.put(
                        done.device(),
                        Optional.of(new Outcome(
                                done.device(), start, done.at(), Optional.empty(), Optional.of(done.ending()))));
            } else if (event instanceof Event.Finished finished) {
                outcomes.computeIfPresent(
                        finished.device(), (device, known) -> known.map(outcome -> outcome.with(finished.ending())));
            } else if (event instanceof Event.LeftToKernel left) {
                outcomes.put(
                        left.device(),
                        Optional.of(new Outcome(
                                left.device(), start, left.at(), Optional.of(left.reason()), Optional.empty())));
            }
        }
        return outcomes.values().stream().flatMap(Optional::stream).toList();
    }

    /**
     * Returns how the shutdown ended for each device whose driver was unbound and not bound again, in the order of the
     * events.
     */
    public Map<Device, Ending> endings() {
        Map<Device, Ending> endings = new LinkedHashMap<>();
        for (Event event : events) {
            if (event instanceof Event.Done done) {
                endings.put(done.device(), done.ending());
            } else if (event instanceof Event.Finished finished) {
                endings.put(finished.device(), finished.ending());
            } else if (event instanceof Event.Restored restored) {
                endings.remove(restored.device());
            }
        }
        return endings;
    }

    /** Returns the number of devices that are down. */
    public long downCount() {
        return endings().values().stream().filter(Ending::isConfirmed).count();
    }

    /** Returns the number of devices that were unbound or notified but did not confirm their shutdown. */
    public long unconfirmedCount() {
        return endings().values().stream()
                .filter(ending -> !ending.isConfirmed())
                .count();
    }

    /** Returns the number of devices that were left to the kernel. */
    public long leftCount() {
        return events.stream().filter(Event.LeftToKernel.class::isInstance).count();
    }
}
