// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Latencies;
import org.quiesced.method.NvmeLimits;

/**
 * The shutdown times that devices report. Only devices that the plan handles are asked, including those in use.
 * Immutable.
 */
public final class ReportedLatencies implements Latencies {
    /**
     * Minimum time before a drive that did not answer is asked again: a command that times out costs the drive a reset.
     */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private static final ReportedLatencies NONE = new ReportedLatencies(Map.of());

    private final Map<Device, Answer> answers;

    /**
     * The result of asking a device.
     *
     * @param time how long its shutdown takes, if it reports that
     * @param answered whether it answered at all
     * @param at when it was asked, by {@link System#nanoTime}
     */
    private record Answer(Optional<Duration> time, boolean answered, long at) {
        boolean isGoodAt(long now) {
            return answered || now - at < PAUSE.toNanos();
        }
    }

    private ReportedLatencies(Map<Device, Answer> answers) {
        this.answers = Map.copyOf(answers);
    }

    /** Returns the initial state, in which no latency is known. */
    public static ReportedLatencies none() {
        return NONE;
    }

    /**
     * Asks each NVMe controller that the plan handles for its RTD3 entry latency. The latency of a controller that does
     * not answer stays unknown.
     */
    public static ReportedLatencies ask(Plan plan, Kernel kernel) {
        return NONE.renew(plan, kernel);
    }

    /**
     * Does the same for a newer plan of the same machine, but asks only the controllers that have not answered before,
     * and a controller that failed to answer only after some minutes. May wait for each drive as long as the driver
     * does.
     */
    public ReportedLatencies renew(Plan plan, Kernel kernel) {
        return renew(plan, kernel, System.nanoTime());
    }

    ReportedLatencies renew(Plan plan, Kernel kernel, long now) {
        Map<Device, Answer> current = new HashMap<>();
        controllers(plan).forEach((device, controller) -> {
            Answer before = answers.get(device);
            if (before != null && before.isGoodAt(now)) {
                current.put(device, before);
            } else if (kernel.attributes().read(controller, "state").equals(Optional.of("live"))) {
                current.put(device, ask(kernel, controller, now));
            }
        });
        return new ReportedLatencies(current);
    }

    /** Returns whether a plan has a controller that {@link #renew} might ask. */
    public boolean isIncompleteFor(Plan plan) {
        long now = System.nanoTime();
        return controllers(plan).keySet().stream().anyMatch(device -> {
            Answer answer = answers.get(device);
            return answer == null || !answer.isGoodAt(now);
        });
    }

    private static Map<Device, Device> controllers(Plan plan) {
        Map<Device, Device> controllers = new HashMap<>();
        for (Disposition disposition : plan.dispositions()) {
            if (disposition instanceof Disposition.Handled handled) {
                handled.target()
                        .classDevice()
                        .filter(device -> device.isA("nvme"))
                        .ifPresent(
                                controller -> controllers.put(handled.target().device(), controller));
            }
        }
        return controllers;
    }

    /** Asks one controller. The result is limited to the time that the driver waits. */
    private static Answer ask(Kernel kernel, Device controller, long now) {
        try {
            Optional<Duration> time = kernel.nvme().identify(controller).shutdownTime();
            return new Answer(time.map(NvmeLimits.of(kernel.drivers())::expected), true, now);
        } catch (IOException e) {
            return new Answer(Optional.empty(), false, now);
        }
    }

    @Override
    public Optional<Duration> of(Device device) {
        return Optional.ofNullable(answers.get(device)).flatMap(Answer::time);
    }
}
