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

/** How long devices say that they take. Only devices that the plan handles are asked, be they in use now. Immutable. */
public final class ReportedLatencies implements Latencies {
    private static final ReportedLatencies NONE = new ReportedLatencies(Map.of(), Map.of());

    /** What each controller said of itself. */
    private final Map<Device, Optional<Duration>> answers;

    private final Map<Device, Duration> known;

    private ReportedLatencies(Map<Device, Optional<Duration>> answers, Map<Device, Duration> known) {
        this.answers = answers;
        this.known = known;
    }

    /** Returns what is known before anybody was asked: nothing. */
    public static ReportedLatencies none() {
        return NONE;
    }

    /** Asks each NVMe controller that the plan handles for its RTD3 entry latency; one that does not answer stays unknown. */
    public static ReportedLatencies ask(Plan plan, Kernel kernel) {
        return NONE.renew(plan, kernel);
    }

    /** Does the same for a newer plan of the same machine, but asks only the controllers that were not asked before. */
    public ReportedLatencies renew(Plan plan, Kernel kernel) {
        Map<Device, Optional<Duration>> current = new HashMap<>();
        Map<Device, Duration> times = new HashMap<>();
        for (Disposition disposition : plan.dispositions()) {
            if (disposition instanceof Disposition.Handled handled) {
                handled.target()
                        .classDevice()
                        .filter(device -> device.isA("nvme"))
                        .ifPresent(controller -> {
                            Optional<Duration> answer =
                                    answers.containsKey(controller) ? answers.get(controller) : ask(kernel, controller);
                            current.put(controller, answer);
                            answer.ifPresent(time -> times.put(handled.target().device(), time));
                        });
            }
        }
        return new ReportedLatencies(current, times);
    }

    private static Optional<Duration> ask(Kernel kernel, Device controller) {
        try {
            return kernel.nvme().identify(controller).shutdownTime();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Duration> of(Device device) {
        return Optional.ofNullable(known.get(device));
    }
}
