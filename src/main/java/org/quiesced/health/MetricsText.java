// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.history.Counters;
import org.quiesced.history.RecordFiles;
import org.quiesced.report.Outcome;

/**
 * Formats the last shutdown in Prometheus' text exposition format, version 0.0.4, for the textfile collector of
 * node_exporter. Unknown values have no sample.
 */
public final class MetricsText {
    private static final String GAUGE = "gauge";
    private static final String COUNTER = "counter";

    private final List<String> lines = new ArrayList<>();

    private record Sample(Map<String, String> labels, double value) {
        Sample(double value) {
            this(Map.of(), value);
        }
    }

    private MetricsText() {}

    /**
     * Returns the text.
     *
     * @param last the last record; empty if there is none
     * @param drives the drives of the present boot
     */
    public static String of(Optional<RecordFiles.Kept> last, Drives drives) {
        MetricsText text = new MetricsText();
        last.ifPresent(kept -> text.add(Facts.of(kept)));
        text.add(drives);
        return String.join("\n", text.lines) + "\n";
    }

    private void add(Facts facts) {
        Map<String, String> info = new LinkedHashMap<>();
        info.put("verb", facts.verb());
        info.put("version", facts.version());
        info.put("kernel", facts.kernel());
        metric("shutdown_info", GAUGE, "The last recorded shutdown; always 1.", List.of(new Sample(info, 1)));
        one("shutdown_timestamp_seconds", "When the last recorded shutdown was requested.", facts.asked());
        one(
                "shutdown_record_complete",
                "Whether the end of its record was carried over the restart, 1 or 0.",
                facts.complete() ? 1 : 0);
        facts.took().ifPresent(took -> one("shutdown_duration_seconds", "How long it took.", took));
        metric(
                "shutdown_phase_seconds",
                GAUGE,
                "How long each of its phases took.",
                facts.phases().entrySet().stream()
                        .map(phase -> new Sample(Map.of("phase", phase.getKey()), phase.getValue()))
                        .toList());
        metric(
                "shutdown_drives",
                GAUGE,
                "What became of its drives.",
                Stream.of(Outcome.values())
                        .map(Outcome::word)
                        .map(word -> new Sample(
                                Map.of("outcome", word), facts.drives().getOrDefault(word, 0L)))
                        .toList());
        facts.saved()
                .ifPresent(saved -> one(
                        "shutdown_saved_seconds",
                        "How much shorter it was than by the kernel alone; negative if it was longer.",
                        saved));
        one("shutdown_compared_drives", "How many drives tell whether they were shut down cleanly.", facts.compared());
        one("shutdown_unsafe_drives", "How many of these counted an unsafe shutdown.", facts.unsafe());
        one("shutdown_slow_drives", "How many drives took three times their usual time.", facts.slow());
    }

    private void add(Drives drives) {
        metric(
                "drive_unsafe_shutdowns_total",
                COUNTER,
                "How often the drive lost its power without having been shut down, by its own count.",
                drives.drives().stream()
                        .flatMap(drive -> sample(drive, Counters::unsafeShutdowns).stream())
                        .toList());
        metric(
                "drive_start_stop_cycles_total",
                COUNTER,
                "How often the disk was started and stopped, by its own count.",
                drives.drives().stream()
                        .flatMap(drive -> sample(drive, Counters::startStopCycles).stream())
                        .toList());
    }

    private static Optional<Sample> sample(Drive drive, Function<Counters, Optional<BigInteger>> counter) {
        return drive.counters().flatMap(counter).map(count -> new Sample(labels(drive), count.doubleValue()));
    }

    private static Map<String, String> labels(Drive drive) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("drive", drive.name());
        labels.put("path", drive.path());
        labels.put("model", drive.model());
        labels.put("serial", drive.serial());
        return labels;
    }

    private void one(String name, String help, double value) {
        metric(name, GAUGE, help, List.of(new Sample(value)));
    }

    private void metric(String name, String type, String help, List<Sample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        String full = "quiesced_" + name;
        lines.add("# HELP " + full + " " + help);
        lines.add("# TYPE " + full + " " + type);
        samples.forEach(sample -> lines.add(full + written(sample.labels()) + " " + number(sample.value())));
    }

    private static String written(Map<String, String> labels) {
        return labels.isEmpty()
                ? ""
                : labels.entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? BigDecimal.valueOf(value).toBigInteger().toString()
                : String.valueOf(value);
    }
}
