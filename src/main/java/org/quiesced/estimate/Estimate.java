// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Plan;
import org.quiesced.run.DeviceStates;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.SerialLane;
import org.quiesced.shutdown.Verb;

/**
 * Estimates the duration of a plan's late phase, if each device takes its known time and none fails: that of its
 * longest chain, or of its serial lane.
 */
public final class Estimate {
    private final Plan plan;
    private final Latencies latencies;
    private final Verb verb;
    private final DeviceStates states;
    private final SerialLane lane;
    private final PriorityQueue<Running> running = new PriorityQueue<>(Comparator.comparingLong(Running::end));
    private long now;

    /**
     * A device in flight.
     *
     * @param end when it will be down, in nanoseconds from the beginning
     */
    private record Running(int device, long end) {}

    private Estimate(Plan plan, Latencies latencies, Verb verb) {
        this.plan = plan;
        this.latencies = latencies;
        this.verb = verb;
        this.states = new DeviceStates(new PreparedPlan(plan));
        this.lane = new SerialLane(plan.tree());
    }

    /**
     * Returns the duration of a plan's late phase.
     *
     * @param latencies the shutdown times of devices; an unknown one counts as zero
     * @param deadline upper limit of the result
     */
    public static Duration of(Plan plan, Latencies latencies, Verb verb, Duration deadline) {
        Duration whole = Duration.ofNanos(new Estimate(plan, latencies, verb).whole());
        return whole.compareTo(deadline) > 0 ? deadline : whole;
    }

    private long whole() {
        states.startable().forEach(this::release);
        advanceLane();
        while (!running.isEmpty()) {
            now = running.element().end();
            // The lane starts its next device after all devices that end at this moment have ended.
            while (!running.isEmpty() && running.element().end() == now) {
                end(running.remove().device());
            }
            advanceLane();
        }
        return now;
    }

    private void release(int device) {
        if (handled(device).lane() == Lane.SERIAL) {
            lane.add(device);
        } else {
            start(device);
        }
    }

    private void advanceLane() {
        OptionalInt next = lane.next();
        next.ifPresent(this::start);
    }

    private void start(int device) {
        running.add(new Running(device, now + latency(device)));
    }

    private void end(int device) {
        lane.end(device);
        states.end(device).forEach(this::release);
    }

    /**
     * Returns the shutdown time of a device, in nanoseconds; 0 if its method does not wait for it, as for a SCSI disk
     * that is not stopped.
     */
    private long latency(int index) {
        Handled handled = handled(index);
        return handled.method().waitsForDrive(handled.target(), verb)
                ? latencies.of(plan.tree().get(index)).orElse(Duration.ZERO).toNanos()
                : 0;
    }

    private Handled handled(int device) {
        return (Handled) plan.dispositions().get(device);
    }
}
