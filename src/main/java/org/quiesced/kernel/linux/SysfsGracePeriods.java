// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.quiesced.kernel.GracePeriods;
import org.quiesced.linux.PseudoFile;

/**
 * The kernel's switch for expedited grace periods in {@code /sys/kernel} ({@code kernel/ksysfs.c}, {@code
 * rcu_expedited}), and a note of its former value, which outlives the process. The note is written before the switch is
 * set and emptied after it was restored, both under a lock on the note's file; while the note is empty the switch has
 * its former value. A process that finds a note keeps it: its value is the former value for all processes.
 */
final class SysfsGracePeriods implements GracePeriods {
    /**
     * Maximum number of bytes that are read of a note: the former value has one digit, and each process ID up to seven.
     */
    private static final int LONGEST_NOTE = 1024;

    /**
     * Number of attempts to take the lock. Another process holds it for a few system calls, but may have been stopped
     * in them.
     */
    private static final int ATTEMPTS = 20;

    private static final long PAUSE_NANOS = 5_000_000;

    private final String file;
    private final Path note;
    private final Path proc;
    private final long process;

    /**
     * Creates the switch.
     *
     * @param note the file of the note, on a file system that does not outlive the kernel; its directory is created if
     *     it is missing
     * @param process the process ID of this process
     */
    SysfsGracePeriods(Path sys, Path note, Path proc, long process) {
        this.file = sys + "/kernel/rcu_expedited";
        this.note = note;
        this.proc = proc;
        this.process = process;
    }

    /**
     * {@inheritDoc} The switch is not changed without a note of its former value, because a crash would leave it set.
     */
    @Override
    public Runnable expedite() {
        Optional<String> before = withNote(this::noteAndSet);
        return () -> before.ifPresent(this::putBack);
    }

    @Override
    public boolean recover() {
        return Files.exists(note)
                && withNote(held -> allOthersHaveEnded(held) ? putBackNoted(held) : Optional.empty())
                        .isPresent();
    }

    private boolean allOthersHaveEnded(Note held) throws IOException {
        return held.processes().stream()
                .filter(id -> !id.equals(Long.toString(process)))
                .allMatch(id -> new Task(proc.toString(), id).hasEnded());
    }

    private Optional<String> noteAndSet(Note held) throws IOException {
        Optional<String> before = held.read();
        if (before.isEmpty()) {
            before = PseudoFile.read(file);
            if (before.isPresent()) {
                held.write(before.get());
            }
        }
        if (before.isPresent()) {
            held.add(process);
            set("1");
        }
        return before;
    }

    private void putBack(String before) {
        if (withNote(held -> Optional.of(putBackNoted(held).orElse(before))).isEmpty()) {
            // The holder of the lock is stuck, but the value is known.
            set(before);
        }
    }

    private Optional<String> putBackNoted(Note held) throws IOException {
        Optional<String> before = held.read();
        if (before.isPresent()) {
            set(before.get());
            held.clear();
        }
        return before;
    }

    private void set(String value) {
        try {
            PseudoFile.write(file, value);
        } catch (IOException e) {
            // Best effort: grace periods stay as they are.
            return;
        }
    }

    /** An action under the lock. */
    @FunctionalInterface
    private interface Step {
        Optional<String> on(Note note) throws IOException;
    }

    /** Returns the result of the step; empty if the note cannot be locked. */
    private synchronized Optional<String> withNote(Step step) {
        if (!Files.exists(Path.of(file))) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(note.getParent());
            try (FileChannel channel = FileChannel.open(
                    note, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
                return lock(channel) ? step.on(new Note(channel)) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Locks the note; closing the file, or the end of the process, releases the lock. */
    private static boolean lock(FileChannel channel) throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (tryLock(channel)) {
                return true;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return false;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another instance in this process has the lock.
            return false;
        }
    }

    /**
     * The note while its file is locked: the former value in the first line, and the processes that rely on it in the
     * others.
     */
    private record Note(FileChannel channel) {
        private List<String> lines() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(LONGEST_NOTE);
            int length = Math.max(0, channel.read(buffer, 0));
            return new String(buffer.array(), 0, length, StandardCharsets.US_ASCII)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }

        Optional<String> read() throws IOException {
            return lines().stream().findFirst();
        }

        List<String> processes() throws IOException {
            return lines().stream()
                    .skip(1)
                    .filter(line -> line.matches("\\d{1,10}"))
                    .toList();
        }

        void write(String value) throws IOException {
            append(value);
        }

        void add(long process) throws IOException {
            append(Long.toString(process));
        }

        /** Appends a line, so that the existing content is present at all times. */
        private void append(String line) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)), channel.size());
        }

        void clear() throws IOException {
            channel.truncate(0);
        }
    }
}
