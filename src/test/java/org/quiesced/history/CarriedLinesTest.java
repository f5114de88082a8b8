// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Lines in the kernel's log carry what became of a shutdown, in any order, and whatever the devices are called. */
class CarriedLinesTest {
    private static final Map<Mark, Double> MARKS = Map.of(Mark.ASKED, 0.0, Mark.LATE, 2.125, Mark.END, 5.75);

    private static CarriedLines joined(List<String> lines) {
        return lines.stream()
                .map(line -> CarriedLines.parse(line).orElseThrow())
                .reduce(CarriedLines::and)
                .orElseThrow();
    }

    @Provide
    Arbitrary<List<DeviceRecord.Progressed>> devices() {
        Arbitrary<Optional<Double>> time = Arbitraries.integers()
                .between(0, 10_000_000)
                .map(ms -> ms / 1e3)
                .optional();
        Arbitrary<Optional<String>> phase =
                Arbitraries.of("network", "early", "late", "exitrd").optional();
        return Combinators.combine(
                        Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(40),
                        phase,
                        time,
                        time,
                        time,
                        time,
                        Arbitraries.of(Outcome.class),
                        Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(80))
                .as((name, where, start, flushed, removal, end, outcome, why) -> new DeviceRecord.Progressed(
                        name,
                        where,
                        start,
                        flushed,
                        removal,
                        end,
                        outcome,
                        outcome == Outcome.KERNEL ? Optional.of("failed") : Optional.empty(),
                        outcome == Outcome.KERNEL ? Optional.of(why) : Optional.empty()))
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 300)
    void readInAnyOrderTheySayWhatWasWritten(
            @ForAll("devices") List<DeviceRecord.Progressed> devices, @ForAll Random random) {
        List<String> lines = new ArrayList<>(CarriedLines.of(Records.BOOT, "reboot", 4_321.5, 2, MARKS, devices));
        Collections.shuffle(lines, random);

        CarriedLines read = joined(lines);

        assertThat(read.isWhole()).isTrue();
        assertThat(read.boot()).isEqualTo(Records.BOOT);
        assertThat(read.verb()).isEqualTo("reboot");
        assertThat(read.uptime()).isEqualTo(4_321.5);
        assertThat(read.marks()).isEqualTo(MARKS);
        assertThat(read.progress()).containsExactlyInAnyOrderElementsOf(devices);
    }

    @Property(tries = 100)
    void eachLineIsTextThatTheKernelTakes(@ForAll("devices") List<DeviceRecord.Progressed> devices) {
        for (String line : CarriedLines.of(Records.BOOT, "reboot", 4_321.5, 2, MARKS, devices)) {
            assertThat(line).matches("[ -~]+");
            assertThat(line.length()).isLessThan(976);
        }
    }

    /** pstore keeps ten kilobytes by default (kmsg_bytes in fs/pstore/platform.c). */
    @Test
    void aHundredAndFiftyDrivesFitIntoWhatPstoreKeeps() {
        List<DeviceRecord.Progressed> devices = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            devices.add(Records.down(String.format("0000:%02x:00.0", i), 12.345, 15.678));
        }

        List<String> lines = CarriedLines.of(Records.BOOT, "poweroff", 1_234_567.25, 1, MARKS, devices);

        assertThat(lines.stream().mapToInt(line -> line.length() + 40).sum()).isLessThan(10_240);
    }

    @Test
    void aLongReasonIsCarriedInPart() {
        String reason = "in use, mounted on /mnt/\u00fc" + "x".repeat(2_000);

        List<String> lines = CarriedLines.of(
                Records.BOOT, "reboot", 1, 1, MARKS, List.of(Records.left("0000:03:00.0", 1, "in_use", reason)));

        assertThat(joined(lines).progress().get(0).why().orElseThrow())
                .startsWith("in use, mounted on /mnt/?xxx")
                .endsWith("x...")
                .hasSize(80);
    }

    @Test
    void whatIsNoLineOfOursOrDamagedIsNotRead() {
        String line = CarriedLines.of(Records.BOOT, "reboot", 1, 1, MARKS, List.of(Records.down("0000:03:00.0", 1, 2)))
                .get(0);

        assertThat(CarriedLines.parse(line)).isPresent();
        for (int length = 0; length < line.length() - 2; length++) {
            Optional<CarriedLines> read = CarriedLines.parse(line.substring(0, length));
            assertThat(read.map(CarriedLines::progress).orElse(List.of()))
                    .as("the first %d characters", length)
                    .isEmpty();
        }
        assertThat(CarriedLines.parse(line.replace("record 1", "record 2"))).isEmpty();
        assertThat(CarriedLines.parse("end: 12 drives down, in 3.20 s")).isEmpty();
    }
}
