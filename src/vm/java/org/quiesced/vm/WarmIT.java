// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The daemon has all its code in memory before a shutdown begins, because a class that is loaded later delays the first
 * drive.
 */
class WarmIT extends ScenarioTest {
    /** Makes the Java runtime log each class that it loads, and its garbage collections, to the kernel's log. */
    private static final String TELL = """
            echo '-Xlog:class+load,gc:file=/dev/kmsg:uptime:filecount=0' >>/usr/lib/quiesced/quiesced.options
            systemctl restart quiesced.service
            """;

    private static final String MOUNT = Scripts.FILL + """
            udevadm settle
            until [ -b /dev/nvme0n1 ]; do sleep 0.2; done
            fill /dev/nvme0n1
            """;

    WarmIT() {
        super("warm");
    }

    @Test
    void noClassIsLoadedDuringAShutdown() throws IOException, InterruptedException {
        Path early = file("early.raw");
        Files.createDirectories(early.getParent());
        try (RandomAccessFile disk = new RandomAccessFile(early.toFile(), "rw")) {
            disk.setLength(64 << 20);
        }
        Boot boot = boot(
                "poweroff",
                List.of(
                        installedRoot("poweroff"),
                        Drive.of("early", Drive.Kind.NVME, early),
                        Drive.nvme("late"),
                        Drive.sata("stopped")),
                Payload.quiesced(TELL + Scripts.WATCH + MOUNT + Scripts.end("poweroff")));

        assertThat(boot.find("quiesced: .* is down after")).hasSize(3);
        double begin = boot.when("scenario: poweroff is asked for").orElseThrow();
        double end = boot.when("scenario: hook has ended").orElseThrow();
        assertThat(between(boot, "\\] GC\\(", begin, end))
                .as("log of the garbage collector")
                .isNotEmpty();
        assertThat(loaded(boot, begin, end)).as("loaded during the shutdown").isEmpty();
        report(
                "garbage collections during the shutdown: %d",
                between(boot, "\\] GC\\(", begin, end).size());
    }

    /** Returns the loaded classes, without those in the archive of classes, which are in memory. */
    private static List<String> loaded(Boot boot, double begin, double end) {
        return between(boot, " source: (?!shared objects file)", begin, end);
    }

    private static List<String> between(Boot boot, String pattern, double begin, double end) {
        return boot.log().stream()
                .filter(line -> line.at() >= begin && line.at() <= end)
                .map(Boot.Line::text)
                .filter(text -> text.matches(".*" + pattern + ".*"))
                .toList();
    }
}
