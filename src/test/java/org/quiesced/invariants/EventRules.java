// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.run.Event;

/** The rules that concern only the events of a run. */
public final class EventRules {
    private final Plan plan;
    private final List<Told> told;
    private final List<String> complaints = new ArrayList<>();

    /** An event, and when the listener received it, in nanoseconds since the run began. */
    public record Told(Event event, long time) {}

    private EventRules(Plan plan, List<Told> told) {
        this.plan = plan;
        this.told = told;
    }

    /** Returns the rules that the events of a run of a plan break. */
    public static List<String> complaints(Plan plan, List<Told> told) {
        EventRules rules = new EventRules(plan, told);
        rules.everyDeviceIsAccountedForExactlyOnce();
        rules.theSerialLaneIsSerial();
        rules.timesAreThoseOfTheClock();
        rules.whatIsDownWasStarted();
        rules.whatIsStoppedHasLostItsDriver();
        return rules.complaints;
    }

    private void complain(String rule, Object... of) {
        complaints.add(Complaint.text(rule, of));
    }

    private void everyDeviceIsAccountedForExactlyOnce() {
        Set<Device> planned = new HashSet<>();
        Set<Device> ended = new HashSet<>();
        for (Told one : told) {
            Event event = one.event();
            if (ended.contains(event.device()) && !isPostscript(event)) {
                complain("no event follows the last one of a device", event);
            }
            if (event instanceof Event.Planned && !planned.add(event.device())) {
                complain("a device is planned once", event);
            } else if (!planned.contains(event.device())) {
                complain("a device is planned before anything happens to it", event);
            }
            if (event.isLast()) {
                ended.add(event.device());
            }
        }
        Set<Device> driven = new HashSet<>(plan.driven());
        if (!planned.equals(driven) || !ended.equals(driven)) {
            complain("every device is accounted for", "planned " + planned, "ended " + ended, "all " + driven);
        }
    }

    private static boolean isPostscript(Event event) {
        return event instanceof Event.Stopping
                || event instanceof Event.Finished
                || event instanceof Event.Restored
                || event instanceof Event.NotRestored;
    }

    private void whatIsStoppedHasLostItsDriver() {
        Set<Device> unbinding = new HashSet<>();
        for (Told one : told) {
            Event event = one.event();
            if (event instanceof Event.Unbinding) {
                unbinding.add(event.device());
            } else if (event instanceof Event.Stopping && !unbinding.contains(event.device())) {
                complain("a disk is stopped after its driver is gone", event);
            }
        }
    }

    private void theSerialLaneIsSerial() {
        Device onLane = null;
        for (Told one : told) {
            Event event = one.event();
            if (event instanceof Event.Started started) {
                boolean serial = plan.of(event.device()) instanceof Disposition.Handled handled
                        && handled.lane() == Disposition.Lane.SERIAL;
                if (serial && started.place() == Event.Place.WORKER) {
                    complain("a serial device goes down on the lane", event);
                }
                if (started.place() == Event.Place.SERIAL_LANE) {
                    if (onLane != null) {
                        complain("the serial lane is serial", event, "beside " + onLane);
                    }
                    onLane = event.device();
                }
            } else if ((event.isLast() || event instanceof Event.Deferred)
                    && event.device().equals(onLane)) {
                onLane = null;
            }
        }
    }

    /** Checks the times of events. The coordinator may report an event later than it happened, but never before. */
    private void timesAreThoseOfTheClock() {
        Map<Device, Long> before = new HashMap<>();
        for (Told one : told) {
            Event event = one.event();
            if (event.at() < before.getOrDefault(event.device(), 0L) || event.at() > one.time()) {
                complain("times are those of the clock", event, one.time());
            }
            before.put(event.device(), event.at());
        }
    }

    private void whatIsDownWasStarted() {
        Set<Device> started = new HashSet<>();
        for (Told one : told) {
            if (one.event() instanceof Event.Started) {
                started.add(one.event().device());
            } else if (one.event() instanceof Event.Done
                    && !started.contains(one.event().device())) {
                complain("what is down was said to be started", one.event());
            }
        }
    }
}
