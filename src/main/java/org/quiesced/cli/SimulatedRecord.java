// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.history.Mark;
import org.quiesced.history.Recording;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.report.Comparison;
import org.quiesced.report.PlanReport;
import org.quiesced.report.Version;
import org.quiesced.shutdown.Verb;

/**
 * Creates the record of a simulated shutdown: the late phase, and the kernel's walk after it. If no time of a device is
 * known, the record has no time of its end.
 */
final class SimulatedRecord {
    private SimulatedRecord() {}

    static ShutdownRecord of(Machine machine, Config config, Verb verb) {
        Simulation simulation = new Simulation(machine, config, verb);
        Recording recording = new Recording("", verb.word(), 0, 0);
        recording.mark(Mark.LATE, 0);
        Simulation.Result result = simulation.run(now -> {}, recording.ofRun(0, simulation.plan()::handles));
        ShutdownRecord planned = ShutdownRecord.planned(
                ShutdownRecord.Origin.simulated(Version.current()),
                new PlanReport(simulation.plan(), machine, verb, config).json());
        Set<String> unknown =
                simulation.unknown().ours().stream().map(Device::path).collect(Collectors.toSet());
        if (simulation.unknown().isAll()) {
            return withoutTimes(recording.completing(planned), unknown);
        }
        long end = result.timeline().took().toNanos();
        recording.mark(Mark.END, end);
        double restart = result.comparison().quiesced().stream()
                .mapToDouble(Comparison.Span::end)
                .max()
                .orElse(end / 1e9);
        Map<String, Comparison.Span> spans = new HashMap<>();
        result.comparison().quiesced().forEach(span -> spans.put(span.name(), span));
        recording.mark(Mark.WALK, end);
        recording.mark(Mark.RESTART, Math.round(Math.max(restart, end / 1e9) * 1e9));
        return withoutTimes(recording.completing(planned), unknown)
                .walked(device -> Optional.ofNullable(spans.get(device.label()))
                        .map(span -> new ShutdownRecord.Walked(span.start(), span.end())));
    }

    /**
     * Removes the times of devices for which the machine description has none.
     *
     * @param unknown the paths of the devices
     */
    private static ShutdownRecord withoutTimes(ShutdownRecord record, Set<String> unknown) {
        return record.map(device -> unknown.contains(device.path()) ? device.withoutTimes() : device);
    }
}
