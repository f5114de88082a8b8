// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two controllers of one NVMe subsystem that share a disk: their drivers are unbound at the same time, repeatedly. */
class MultipathIT extends ScenarioTest {
    private static final int ROUNDS = Asked.ALL ? 100 : 25;

    private static final String SCRIPT = """
            modprobe slow_nvme delay_ms=200
            disk=$(ls /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_multi | head -n 1)
            systemctl stop quiesced.service
            home=/usr/lib/quiesced
            $home/runtime/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djna.nounpack=true -Djna.noclasspath=true \\
                -Djna.boot.library.path=$home/native/linux-x86-64 -cp "/scenario/classes:$home/lib/*" \\
                org.quiesced.vm.Rounds ROUNDS $disk 2>/root/rounds.err | say round
            tail -n 20 /root/rounds.err | say errors
            """.replace("ROUNDS", String.valueOf(ROUNDS));

    MultipathIT() {
        super("multipath");
    }

    @Test
    @Needs(thorough = true, reason = "its rounds take long and seldom find anything")
    void bothControllersOfADiskGoDownInParallelWithoutDataLoss() throws IOException, InterruptedException {
        String main = "org/quiesced/vm/Rounds.class";
        Boot boot = boot(
                "rounds",
                List.of(
                        installedRoot("rounds"),
                        Drive.of("multi", Drive.Kind.NVME_MULTIPATH, Guest.newDisk(file("multi.img"), 64))),
                new Payload(
                        Scripts.READY + Scripts.SAY + Scripts.WATCH + SCRIPT + Scripts.end("reboot"),
                        Map.of("/scenario/classes/" + main, Path.of("target/test-classes", main))));

        assertThat(boot.find("scenario: round: (\\d+: .*)").stream().map(match -> match.group(1)))
                .as(
                        "the rounds; their errors: %s",
                        boot.find("scenario: errors: .*").stream()
                                .map(match -> match.group())
                                .toList())
                .hasSize(ROUNDS)
                .allMatch(round -> round.endsWith(": 2 down, disk gone, record intact"));
        List<String> events = boot.find("slow_nvme: \\S+ (notified|complete|cut short)").stream()
                .map(match -> match.group(1))
                .toList();
        assertThat(events).hasSize(4 * (ROUNDS + 1)).doesNotContain("cut short");
        long together = IntStream.range(0, ROUNDS)
                .mapToObj(round -> events.subList(4 * round, 4 * round + 4))
                .filter(List.of("notified", "notified", "complete", "complete")::equals)
                .count();
        assertThat(together)
                .as("rounds with both controllers in flight at once; a busy host may delay one of them")
                .isGreaterThan(ROUNDS / 2);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN once a round, and once at the end")
                .hasSize(2 * (ROUNDS + 1));
        assertThat(boot.log().stream()
                        .map(Boot.Line::text)
                        .filter(line -> line.matches(".*I/O error.*|.*blocked for more.*|.*BUG.*|.*WARNING.*")))
                .isEmpty();
        double seconds = boot.last("scenario: round").orElseThrow()
                - boot.when("scenario: round").orElseThrow();
        report("%d rounds of two controllers in %.1f s, both at once in %d of them", ROUNDS, seconds, together);
    }

    @Test
    @Needs(
            thorough = true,
            reason = "the rounds show the same of two controllers, and simulated machines that of namespaces")
    void eachNamespaceIsFlushedForAllItsControllers() throws IOException, InterruptedException {
        Boot boot = boot(
                "namespaces",
                List.of(
                        installedRoot("namespaces"),
                        new Drive("four", Drive.Kind.NVME_NAMESPACES, Optional.empty()),
                        Drive.of("multi", Drive.Kind.NVME_MULTIPATH, Guest.newDisk(file("shared.img"), 64))),
                Payload.quiesced(Scripts.SAY
                        + Scripts.WATCH
                        + "quiescectl plan --no-pager | say plan\n"
                        + Scripts.slowNvme(1_000)
                        + Scripts.end("reboot")));

        assertThat(boot.flushes().stream().filter(number -> number != 1))
                .as("the namespaces of one controller alone")
                .containsExactlyInAnyOrder(2, 3, 4);
        // The second controller sends its own flush if it is claimed after the first one's has begun.
        assertThat(boot.flushes().stream().filter(number -> number == 1))
                .as("the flush of the first namespace, and those of the shared one, which has the number 1 too")
                .hasSizeBetween(2, 3);
        assertAllWentDownAtOnce(boot, 3);
    }
}
