// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory of records with a pending one, and a directory of pstore in which logs are kept. */
abstract class CompletionFixture {
    static final String NEXT_BOOT = "next";

    @TempDir
    private Path directory;

    Path pstore;
    RecordFiles files;
    final List<String> problems = new ArrayList<>();
    Completion completion;

    @BeforeEach
    void prepare() throws IOException {
        pstore = Files.createDirectories(directory.resolve("pstore"));
        files = new RecordFiles(directory.resolve("records"));
        completion =
                new Completion(files, List.of(pstore, directory.resolve("missing")), Optional.empty(), problems::add);
        Files.createDirectories(files.directory());
        Files.write(files.directory().resolve("pending.json"), Records.planned().json());
    }

    static final CarriedLine.Shutdown SHUTDOWN = new CarriedLine.Shutdown(Records.BOOT, "reboot", 4_321.5);

    /** Returns lines of the kernel's log, whose clock is two seconds ahead of the monotonic one. */
    static List<String> log(int edition, double end) {
        return log(SHUTDOWN, edition, end, 5);
    }

    static List<String> log(CarriedLine.Shutdown shutdown, int edition, double end, double down) {
        List<String> lines = new ArrayList<>();
        lines.add(line(5, 1.25, "systemd-shutdown[1]: Sending SIGTERM to remaining processes..."));
        lines.add(line(6, 1.5, "systemd-shutdown[1]: Unmounting file systems."));
        lines.add(line(6, 2, "quiesced: end: 2 drives down"));
        // Lines that wait for a slow console are written late, and contain the time of the write.
        double delay = 0.75;
        CarriedLine.of(
                        shutdown,
                        edition,
                        Map.of(Mark.ASKED, 0.0, Mark.LATE, 2.0, Mark.END, end),
                        List.of(Records.down("0000:03:00.0", 2, down), Records.down("0000:04:00.0", 2, 5.5)))
                .forEach(text -> lines.add(line(
                        7,
                        end + delay,
                        String.format(
                                Locale.ROOT, "quiesced: record %.6f %s", SHUTDOWN.uptime() + end + delay, text))));
        lines.add(line(6, end + 1, "shutdown[1]: Sending SIGTERM to remaining processes..."));
        lines.add(line(6, end + 1.25, "systemd-shutdown[1]: Rebooting."));
        lines.add(line(5, end + 3.5, "reboot: Restarting system"));
        return lines;
    }

    static String line(int severity, double since, String text) {
        return String.format(Locale.ROOT, "<%d>[%12.6f] %s", severity, 4_323.5 + since, text);
    }

    void keepLog(String name, List<String> lines) throws IOException {
        Path file = pstore.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    /** Completes the record, and returns it. */
    ShutdownRecord completed() throws IOException {
        return completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().record();
    }
}
