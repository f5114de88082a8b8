// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.report.Explanation;
import org.quiesced.report.Explanation.Fact;
import org.quiesced.report.Outcome;
import org.quiesced.report.Page;

/**
 * Explains what happened to a device in a recorded shutdown. Times are in seconds since the shutdown request.
 *
 * @param device its sysfs name
 * @param path its path below {@code /sys}
 * @param label its display name
 * @param disposition its planned disposition
 * @param outcome its outcome
 * @param phase the phase in which its shutdown began or was planned
 * @param start when its shutdown began
 * @param end when its shutdown ended, or it was left to the kernel
 * @param took the duration of its shutdown, by quiesced or in the kernel's walk
 * @param reason unless it is down, the type of the reason
 * @param why the reason in words
 * @param facts what is known, in words
 */
public record RecordedExplanation(
        String device,
        String path,
        String label,
        String disposition,
        Outcome outcome,
        Optional<String> phase,
        Optional<Double> start,
        Optional<Double> end,
        Optional<Double> took,
        Optional<String> reason,
        Optional<String> why,
        List<Fact> facts) {
    /** Copies the list. */
    public RecordedExplanation {
        facts = List.copyOf(facts);
    }

    /** Explains a device of a record. */
    public static RecordedExplanation of(DeviceRecord device, RecordFiles.Kept kept, ZoneId zone) {
        return new RecordedExplanation(
                device.device(),
                device.path(),
                device.label(),
                device.disposition(),
                device.outcome(),
                device.phase(),
                device.start(),
                device.end(),
                device.tookIn(kept.record()),
                device.reason(),
                device.why(),
                new Facts(device, kept, zone).all());
    }

    /** Returns the explanation as text. */
    public Page page() {
        return Explanation.page(label, facts, List.of());
    }

    /** The facts of a device. */
    private record Facts(DeviceRecord device, RecordFiles.Kept kept, ZoneId zone) {
        List<Fact> all() {
            List<Fact> facts = new ArrayList<>();
            facts.add(Fact.of("shutdown", shutdown()));
            facts.add(Fact.of("outcome", RecordText.outcome(device)));
            new Lateness(kept.record()).of(device).ifPresent(words -> facts.add(Fact.of("late", words)));
            planned().ifPresent(words -> facts.add(Fact.of("planned", words)));
            facts.add(Fact.of("driver", device.driver()));
            device.identity()
                    .ifPresent(identity -> facts.add(Fact.of("drive", identity.model() + " " + identity.serial())));
            times(facts);
            counted().ifPresent(words -> facts.add(Fact.of("counters", words)));
            for (DeviceRecord other : kept.record().devices()) {
                if (device.waitsFor().contains(other.device())) {
                    facts.add(Fact.of("waited for", neighbour(other)));
                }
            }
            for (DeviceRecord other : kept.record().devices()) {
                if (other.waitsFor().contains(device.device())) {
                    facts.add(Fact.of("before", neighbour(other)));
                }
            }
            return facts;
        }

        private String shutdown() {
            ShutdownRecord record = kept.record();
            return record.verb()
                    + (record.asked() > 0 ? ", " + HistoryText.date(record, zone) : "")
                    + (kept.number() > 0 ? ", number " + kept.number() : "")
                    + (record.isComplete() ? "" : "; the end of the record is missing");
        }

        private Optional<String> planned() {
            Optional<String> how = switch (device.disposition()) {
                case "parallel" -> Optional.of("in parallel");
                case "serial" -> Optional.of("one by one");
                case "kernel" -> Optional.of("left to the kernel");
                default -> Optional.empty();
            };
            return how.map(words -> words
                    + device.expected()
                            .filter(time -> time > 0)
                            .map(time -> ", expected to take " + RecordText.seconds(time))
                            .orElse(""));
        }

        private void times(List<Fact> facts) {
            boolean isWalked = device.isWalkedBy(kept.record());
            time(facts, device.start(), isWalked ? "the kernel's walk reached it" : "its shutdown began");
            time(facts, device.flushed(), "its caches were written");
            time(facts, device.removal(), "the removal of its driver, or its notification, began");
            time(facts, device.stop(), "its driver was gone, and the stop of its disk began");
            time(facts, device.end(), isWalked ? "the kernel's walk left it" : ending());
        }

        private String ending() {
            return device.outcome() == Outcome.KERNEL ? "it was left to the kernel" : "its shutdown ended";
        }

        private static void time(List<Fact> facts, Optional<Double> at, String what) {
            at.ifPresent(time -> facts.add(Fact.of("at", RecordText.seconds(time) + ": " + what)));
        }

        private Optional<String> counted() {
            return switch (device.proof()) {
                case CLEAN -> Optional.of("the drive reports a clean shutdown");
                case POWERED -> Optional.of("the drive reports no unsafe shutdown, and kept its power");
                case UNSAFE -> Optional.of("the drive reports an unsafe shutdown");
                case UNKNOWN -> Optional.empty();
            };
        }

        private static String neighbour(DeviceRecord other) {
            return other.label() + ", " + other.outcome().word().replace('_', ' ')
                    + other.end().map(end -> " at " + RecordText.seconds(end)).orElse("");
        }
    }
}
