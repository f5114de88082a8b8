// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.oneshot.OneShot;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.IdleWorkers;
import org.quiesced.work.WorkerSource;

/**
 * Runs in the guest, with the classes of the installed package. Each round writes to a disk, shuts the machine's free
 * drives down as {@code quiescectl run --now} does, and binds them again. All rounds are in one process: a process for
 * each would take ten times as long.
 */
final class Rounds {
    private static final int RECORD = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path disk;
    private final WorkerSource workers = new IdleWorkers();
    private final Kernel kernel = LinuxKernel.running(DriveTypes.SUPPORTED.attributes());
    private final Config config;

    private Rounds(Path disk) throws ConfigException {
        this.disk = disk;
        this.config = new ConfigFiles(DriveTypes.SUPPORTED.drivers()).load(ConfigFiles.SYSTEM);
    }

    /**
     * Runs the rounds.
     *
     * @param arguments the number of rounds, and the disk to write to, which is on one of the drives
     */
    public static void main(String... arguments) throws IOException, InterruptedException, ConfigException {
        Rounds rounds = new Rounds(Path.of(arguments[1]));
        for (int round = 1; round <= Integer.parseInt(arguments[0]); round++) {
            rounds.once(round);
        }
    }

    private void once(int round) throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            file.write(record(round), (long) round * RECORD);
        }
        settle();
        Timeline timeline = new OneShot(kernel, workers, config, Verb.REBOOT)
                .run(Duration.ofSeconds(80))
                .timeline();
        List<Device> down = timeline.outcomes().stream()
                .filter(Timeline.Outcome::isDown)
                .map(Timeline.Outcome::device)
                .toList();
        timeline.outcomes().stream()
                .filter(outcome -> outcome.started().isPresent() && !outcome.isDown())
                .forEach(outcome -> say(round, outcome.device().name() + " is left: " + outcome.leftBecause()));
        boolean gone = !Files.exists(disk);
        for (Device device : down) {
            kernel.drivers().bind(device);
        }
        awaitDisk();
        say(
                round,
                down.size() + " down, disk " + (gone ? "gone" : "there") + ", record "
                        + (isThere(round) ? "intact" : "lost"));
    }

    /** Waits at most 60 s for the disk to return, and then for udev to process it. */
    private void awaitDisk() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(disk)) {
            if (System.nanoTime() > end) {
                throw new IOException(disk + " does not come back");
            }
            Thread.sleep(10);
        }
        settle();
    }

    private static void settle() throws IOException, InterruptedException {
        new ProcessBuilder("udevadm", "settle").inheritIO().start().waitFor();
    }

    private boolean isThere(int round) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(RECORD);
        try (FileChannel file = FileChannel.open(disk, StandardOpenOption.READ)) {
            file.read(found, (long) round * RECORD);
        }
        return found.flip().equals(record(round));
    }

    private static ByteBuffer record(int round) {
        ByteBuffer record = ByteBuffer.allocate(RECORD);
        while (record.hasRemaining()) {
            record.putInt(round);
        }
        return record.flip();
    }

    private static void say(int round, String words) {
        System.out.println(round + ": " + words);
    }
}
