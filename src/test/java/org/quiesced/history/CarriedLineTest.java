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
import org.quiesced.report.Outcome;

/** Lines in the kernel's log carry the outcomes of a shutdown, in any order and with any device names. */
class CarriedLineTest {
    private static final Map<Mark, Double> MARKS = Map.of(Mark.ASKED, 0.0, Mark.LATE, 2.125, Mark.END, 5.75);

    private static final CarriedLine.Shutdown SHUTDOWN = new CarriedLine.Shutdown(Records.BOOT, "reboot", 4_321.5);

    private static List<Progressed> devices(List<String> lines) {
        return lines.stream()
                .map(line -> CarriedLine.parse(line).orElseThrow())
                .flatMap(line -> line.progress().stream())
                .toList();
    }

    @Provide
    Arbitrary<List<Progressed>> devices() {
        Arbitrary<Optional<Double>> time = Arbitraries.integers()
                .between(0, 10_000_000)
                .map(ms -> ms / 1e3)
                .optional();
        Arbitrary<Optional<String>> phase =
                Arbitraries.of("network", "early", "late", "exitrd").optional();
        return Combinators.combine(
                        Arbitraries.strings()
                                .withCharRange(' ', '~')
                                .ofMinLength(1)
                                .ofMaxLength(40),
                        phase,
                        time,
                        time.list().ofSize(4),
                        Arbitraries.of(
                                        "in_use",
                                        "use_unknown",
                                        "not_released",
                                        "other_phase",
                                        "held_back",
                                        "not_working",
                                        "suspended",
                                        "owned",
                                        "other_driver")
                                .optional(),
                        Arbitraries.of("parallel", "serial"),
                        Arbitraries.of(Outcome.class),
                        Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60))
                .as((name, where, start, times, deferred, lane, outcome, why) -> new Progressed(
                        name,
                        where,
                        deferred,
                        start.map(at -> outcome == Outcome.UNKNOWN ? "parallel" : lane),
                        start,
                        times.get(0),
                        times.get(1),
                        times.get(2),
                        times.get(3),
                        outcome,
                        outcome == Outcome.KERNEL ? Optional.of("failed") : Optional.empty(),
                        outcome == Outcome.KERNEL ? Optional.of(why) : Optional.empty()))
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 300)
    void linesAreReadInAnyOrder(@ForAll("devices") List<Progressed> devices, @ForAll Random random) {
        List<String> lines = new ArrayList<>(CarriedLine.of(SHUTDOWN, 2, MARKS, devices));
        Collections.shuffle(lines, random);

        assertThat(devices(lines)).containsExactlyInAnyOrderElementsOf(devices);
        assertThat(lines).allSatisfy(line -> {
            CarriedLine read = CarriedLine.parse(line).orElseThrow();
            assertThat(read.shutdown()).isEqualTo(SHUTDOWN);
            assertThat(read.edition()).isEqualTo(2);
            assertThat(read.parts()).isEqualTo(lines.size());
            assertThat(read.marks()).isEqualTo(MARKS);
        });
    }

    @Property(tries = 100)
    void linesFitIntoTheKernelLog(@ForAll("devices") List<Progressed> devices) {
        for (String line : CarriedLine.of(SHUTDOWN, 2, MARKS, devices)) {
            assertThat(line).matches("[ -~]+");
            assertThat(("quiesced: record 1234567890.123456 " + line).length()).isLessThan(976);
        }
    }

    /** pstore keeps ten kilobytes by default (kmsg_bytes in fs/pstore/platform.c). */
    @Test
    void hundredDrivesFitIntoPstore() {
        List<Progressed> devices = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            devices.add(Records.down(String.format("0000:%02x:00.0", i), 12.345, 15.678));
        }

        List<String> lines = CarriedLine.of(SHUTDOWN, 1, MARKS, devices);

        assertThat(lines.stream().mapToInt(line -> line.length() + 60).sum()).isLessThan(10_240);
    }

    /** A line of the kernel's log is paid for by all devices, so a disk that is not stopped has no field for it. */
    @Test
    void onlyADiskThatIsStoppedHasAFieldForTheStop() {
        Progressed drive = Records.down("0000:03:00.0", 1, 2);
        Progressed disk = Records.stopped("0:0:0:0", 1, 2.5, 4.5);

        assertThat(CarriedDevice.item(drive)).isEqualTo("0000:03:00.0,late,1000,1250,1500,2000,d");
        assertThat(CarriedDevice.item(disk)).isEqualTo("0:0:0:0,late,1000,1250,1500,2500,4500,d");
        assertThat(CarriedDevice.item(Records.serial("0:0:0:0", 1, 2))).endsWith(",2000,D");
    }

    @Test
    void longReasonIsTruncated() {
        String reason = "in use, mounted on /mnt/\u00fc" + "x".repeat(2_000);

        List<String> lines =
                CarriedLine.of(SHUTDOWN, 1, MARKS, List.of(Records.left("0000:03:00.0", 1, "in_use", reason)));

        assertThat(devices(lines).get(0).why().orElseThrow())
                .startsWith("in use, mounted on /mnt/?xxx")
                .endsWith("x...")
                .hasSize(60);
    }

    @Test
    void foreignAndDamagedLinesAreIgnored() {
        String line = CarriedLine.of(SHUTDOWN, 1, MARKS, List.of(Records.stopped("0000:03:00.0", 1, 2, 3)))
                .get(0);

        assertThat(CarriedLine.parse(line)).isPresent();
        for (int length = 0; length < line.length() - 2; length++) {
            Optional<CarriedLine> read = CarriedLine.parse(line.substring(0, length));
            assertThat(read.map(CarriedLine::progress).orElse(List.of()))
                    .as("the first %d characters", length)
                    .isEmpty();
        }
        assertThat(CarriedLine.parse(line.replaceFirst("^1 ", "2 "))).isEmpty();
        assertThat(CarriedLine.parse("end: 12 drives down, in 3.20 s")).isEmpty();
    }
}
