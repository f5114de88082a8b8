// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Puts the record of the last shutdown together, when the machine is up again: what was written before its file systems
 * were unmounted, and what the kernel's log carried over the restart.
 */
public final class Completion {
    /** What carried the end of a record: the name that {@link ShutdownRecord#carrier} has. */
    static final String PSTORE = "pstore";

    /** A damaged log of pstore may be of any size; one of this many bytes is read. */
    private static final long LARGEST_LOG = 16 << 20;

    /** systemd-pstore(8) makes a directory for each log, and one in that for each of its parts. */
    private static final int DEPTH = 4;

    private final RecordFiles files;
    private final List<Path> pstore;

    /**
     * Makes it.
     *
     * @param pstore the directories in which the logs are: where the kernel shows them, and where systemd-pstore(8) puts
     *     them
     */
    public Completion(RecordFiles files, List<Path> pstore) {
        this.files = files;
        this.pstore = List.copyOf(pstore);
    }

    /** Returns how it is done on this machine. */
    public static Completion ofThisMachine() {
        return new Completion(
                new RecordFiles(RecordFiles.SYSTEM),
                List.of(Path.of("/sys/fs/pstore"), Path.of("/var/lib/systemd/pstore")));
    }

    /**
     * Completes the record of the boot that ended last, and keeps it. A record that is pending and belongs to the
     * present boot, whose shutdown was cancelled, stays as it is.
     *
     * @param boot the present boot
     * @return what is kept; nothing if there is no record of an earlier boot
     */
    public Optional<RecordFiles.Kept> complete(String boot) throws IOException {
        Optional<ShutdownRecord> pending = files.pending();
        if (pending.isEmpty() || pending.get().boot().equals(boot)) {
            return Optional.empty();
        }
        ShutdownRecord written = pending.get();
        ShutdownRecord whole = logs().stream()
                .filter(log -> log.carried()
                        .filter(ours -> ours.boot().equals(written.boot()))
                        .isPresent())
                .reduce((first, second) -> second)
                .map(log -> completed(written, log))
                .orElse(written);
        RecordFiles.Kept kept = files.keep(whole);
        files.forgetPending();
        return Optional.of(kept);
    }

    private static ShutdownRecord completed(ShutdownRecord written, KernelLogText log) {
        CarriedLines ours = log.carried().orElseThrow();
        Map<Mark, Double> marks = new EnumMap<>(Mark.class);
        marks.putAll(log.moments());
        marks.putAll(ours.marks());
        return written.with(marks, ours.progress(), Optional.of(PSTORE));
    }

    /**
     * Returns the logs. The kernel shows the parts of one as files of the same time, and systemd-pstore(8) puts them
     * into one directory.
     */
    private List<KernelLogText> logs() throws IOException {
        List<KernelLogText> logs = new ArrayList<>();
        for (Path directory : pstore) {
            if (Files.isDirectory(directory)) {
                logs(directory, logs);
            }
        }
        return logs;
    }

    private static void logs(Path directory, List<KernelLogText> logs) throws IOException {
        Map<Path, Map<Long, List<String>>> texts = new LinkedHashMap<>();
        for (Path file : logFiles(directory)) {
            Map<Long, List<String>> byTime =
                    texts.computeIfAbsent(Objects.requireNonNull(file.getParent()), parent -> new TreeMap<>());
            long minute = Files.getLastModifiedTime(file).to(TimeUnit.MINUTES);
            byTime.computeIfAbsent(minute, key -> new ArrayList<>()).addAll(lines(file));
        }
        texts.values().forEach(byTime -> byTime.values().forEach(lines -> logs.add(new KernelLogText(lines))));
    }

    private static List<Path> logFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory, DEPTH)) {
            return files.filter(file -> file.getFileName().toString().startsWith("dmesg"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.size(file) > LARGEST_LOG) {
            return List.of();
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
