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

/** How long devices say that they take. Only devices that the plan handles are asked. */
public final class ReportedLatencies implements Latencies {
    private final Map<Device, Duration> known = new HashMap<>();

    /** Asks each NVMe controller that the plan handles for its RTD3 entry latency; one that does not answer stays unknown. */
    public ReportedLatencies(Plan plan, Kernel kernel) {
        for (Disposition disposition : plan.dispositions()) {
            if (disposition instanceof Disposition.Handled handled) {
                handled.target()
                        .classDevice()
                        .filter(device -> device.isA("nvme"))
                        .flatMap(controller -> ask(kernel, controller))
                        .ifPresent(time -> known.put(handled.target().device(), time));
            }
        }
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
