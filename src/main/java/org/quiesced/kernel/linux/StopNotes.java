// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.device.Device;
import org.quiesced.kernel.DueStops;
import org.quiesced.shutdown.Verb;

/**
 * Notes as files of a directory, each named after its device. A file has one line: the process ID, the device's sysfs
 * path, its bus, its driver, and the verbs.
 */
final class StopNotes implements DueStops {
    private static final int PROCESS = 0;
    private static final int PATH = 1;
    private static final int BUS = 2;
    private static final int DRIVER = 3;
    private static final int FIRST_VERB = 4;

    private final Path directory;
    private final Path proc;
    private final long process;

    /**
     * Creates an instance.
     *
     * @param directory a directory on a file system that does not outlive the kernel; created if it is missing
     * @param process the process ID of this process
     */
    StopNotes(Path directory, Path proc, long process) {
        this.directory = directory;
        this.proc = proc;
        this.process = process;
    }

    @Override
    public void note(Device device, Set<Verb> verbs) {
        if (device.driver().isEmpty()) {
            return;
        }
        String words = verbs.stream().map(Verb::word).collect(Collectors.joining(" "));
        String note = String.join(
                " ",
                Long.toString(process),
                device.path(),
                device.subsystem(),
                device.driver().get(),
                words);
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(device.name()), note + "\n");
        } catch (IOException e) {
            // Best effort: the note is needed only after a crash.
            return;
        }
    }

    @Override
    public void clear(Device device) {
        try {
            Files.deleteIfExists(directory.resolve(device.name()));
        } catch (IOException e) {
            // Stopping a disk again has no effect.
            return;
        }
    }

    @Override
    public Map<Device, Set<Verb>> left() {
        Map<Device, Set<Verb>> left = new HashMap<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    take(Files.readString(file, StandardCharsets.US_ASCII), left);
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Return the notes that were read.
                return left;
            }
        }
        return left;
    }

    /**
     * Parses a note. An incomplete note has no verbs, or no line end; then its process has not unbound the driver yet.
     */
    private void take(String note, Map<Device, Set<Verb>> left) {
        List<String> words = List.of(note.strip().split(" "));
        if (words.size() <= FIRST_VERB || !note.endsWith("\n") || !hasEnded(words.get(PROCESS))) {
            return;
        }
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        words.subList(FIRST_VERB, words.size())
                .forEach(word -> Verb.ofWord(word).ifPresent(verbs::add));
        left.put(new Device(words.get(PATH), words.get(BUS), true, Optional.of(words.get(DRIVER)), Map.of()), verbs);
    }

    private boolean hasEnded(String id) {
        return !id.equals(Long.toString(process)) && new Task(proc.toString(), id).hasEnded();
    }
}
