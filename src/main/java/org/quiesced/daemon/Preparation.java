// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Kernel;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;

/** Reads the machine and plans its shutdown, again and again. For one thread. */
final class Preparation {
    /** With more drives than that the time of a thread's start is lost in what they all need of the processors. */
    private static final int MOST_WORKERS = 64;

    private final Kernel kernel;
    /** What each controller said of itself; it is asked once as long as it is there. */
    private Map<Device, Optional<Duration>> answers = new HashMap<>();

    Preparation(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Looks at everything.
     *
     * @throws IOException if there is no device tree
     */
    Standing standing(Config config) throws IOException {
        DeviceTree tree = kernel.readTree();
        Plan ready = Planner.ahead(config).plan(tree);
        kernel.prepareWorkers((int) Math.min(MOST_WORKERS, ready.count(Lane.PARALLEL) + 1));
        Plan seen = Planner.byLooking(config, kernel.claims()).plan(tree);
        return new Standing(config, ready, seen, latencies(seen));
    }

    /** Looks only at who uses the disks. */
    Standing again(Standing old) {
        Plan seen =
                Planner.byLooking(old.config(), kernel.claims()).plan(old.seen().tree());
        return new Standing(old.config(), old.ready(), seen, latencies(seen));
    }

    private Map<Device, Duration> latencies(Plan plan) {
        Map<Device, Optional<Duration>> current = new HashMap<>();
        Map<Device, Duration> known = new HashMap<>();
        for (Disposition disposition : plan.dispositions()) {
            if (disposition instanceof Disposition.Handled handled) {
                Optional<Device> controller = handled.target().classDevice().filter(device -> device.isA("nvme"));
                if (controller.isPresent()) {
                    Optional<Duration> answer = answers.containsKey(controller.get())
                            ? answers.get(controller.get())
                            : ask(controller.get());
                    current.put(controller.get(), answer);
                    answer.ifPresent(time -> known.put(handled.target().device(), time));
                }
            }
        }
        answers = current;
        return known;
    }

    private Optional<Duration> ask(Device controller) {
        try {
            return kernel.nvme().identify(controller).shutdownTime();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
