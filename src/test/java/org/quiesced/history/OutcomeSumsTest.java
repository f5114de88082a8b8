// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quiesced.report.Outcome;

/** The numbers of drives in a summary add up to that of all drives, and are those of the JSON. */
class OutcomeSumsTest {
    private static final Pattern PART = Pattern.compile("(?:^|, )(\\d+) ");

    private static ShutdownRecord record(Map<Outcome, Integer> drives) {
        List<DeviceRecord> devices = drives.entrySet().stream()
                .flatMap(entry -> IntStream.range(0, entry.getValue())
                        .mapToObj(i -> Records.device(
                                entry.getKey().word() + i, entry.getKey().word() + i, entry.getKey())))
                .toList();
        return Records.planned("serial", devices);
    }

    private static Map<Outcome, Integer> oneOfEach() {
        Map<Outcome, Integer> drives = new EnumMap<>(Outcome.class);
        Stream.of(Outcome.values()).forEach(outcome -> drives.put(outcome, 1));
        return drives;
    }

    private static long sum(String summary) {
        return PART.matcher(summary)
                .results()
                .mapToLong(part -> Long.parseLong(part.group(1)))
                .sum();
    }

    @Test
    void driveThatWasNotStoppedIsOneOfThoseThatAreDown() {
        Map<Outcome, Integer> drives = oneOfEach();
        drives.put(Outcome.DOWN, 19);
        drives.put(Outcome.KERNEL, 3);
        drives.remove(Outcome.UNKNOWN);
        ShutdownRecord record = record(drives);

        assertThat(RecordText.summary(record))
                .isEqualTo("20 of 26 drives down (1 of them not stopped), 3 left to the kernel, 1 not confirmed,"
                        + " 1 not notified, 1 in flight at the end");
        assertThat(sum(RecordText.summary(record))).isEqualTo(26);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void textAndJsonHaveTheSameNumbersWhateverTheOutcomes(Outcome many) {
        Map<Outcome, Integer> drives = oneOfEach();
        drives.put(many, 5);
        ShutdownRecord record = record(drives);
        String summary = RecordText.summary(record);
        TimeJson json = TimeJson.of(ShownShutdown.of(record));
        long all = json.drives().values().stream().mapToLong(Long::longValue).sum();

        assertThat(summary).startsWith(json.drivesDown() + " of " + all + " drives down");
        assertThat(sum(summary)).isEqualTo(all);
        assertThat(json.drivesDown())
                .isEqualTo(json.drives().get("down") + json.drives().get("not_stopped"));
    }

    @Test
    void timeFollowsTheNumberOfThoseThatAreDown() {
        Progressed down = Records.stopped("0:0:0:0", 2, 3, 4);
        ShutdownRecord record = Records.planned("serial", List.of(Records.sd("0:0:0:0", "sda", Outcome.UNKNOWN)))
                .with(
                        Map.of(),
                        List.of(new Progressed(
                                down.device(),
                                down.phase(),
                                down.deferred(),
                                down.lane(),
                                down.start(),
                                down.flushed(),
                                down.removal(),
                                down.stop(),
                                down.end(),
                                Outcome.NOT_STOPPED,
                                Optional.of("not_stopped"),
                                Optional.of("not stopped: EIO"))),
                        Optional.empty());

        assertThat(RecordText.summary(record)).isEqualTo("1 of 1 drives down (1 of them not stopped) in 2.00s");
    }
}
