// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * A virtual machine with slow NVMe drives, as the options of {@code packaging/demo} and {@code packaging/vm} describe
 * it.
 */
final class SlowMachine {
    private static final int MOST = 30;

    @Option(names = "--drives", defaultValue = "6", description = "How many NVMe drives the virtual machine has.")
    private int drives;

    @Option(
            names = "--delay",
            defaultValue = "3000",
            description = "How long each takes to shut down, in milliseconds.")
    private int delay;

    @Option(names = "--suite", defaultValue = "bookworm", description = "The Debian suite of the guest.")
    private String suite;

    /** Runs a command with these options, and ends the process with its exit code. */
    static void execute(String name, Object command, String... arguments) {
        System.exit(new CommandLine(command)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    System.err.println(name + ": " + e.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    int drives() {
        return drives;
    }

    int delay() {
        return delay;
    }

    String suite() {
        return suite;
    }

    /**
     * Checks the options.
     *
     * @param fewest the least number of drives
     * @throws IOException if they are out of range
     */
    void check(int fewest) throws IOException {
        if (drives < fewest || drives > MOST || delay < 0) {
            throw new IOException("--drives must be from " + fewest + " to " + MOST + ", and --delay not negative");
        }
    }

    /** Returns the guest. Its writes to the root file system do not change the backing. */
    Guest guest(GuestImage image, Accelerator accelerator, Path backing, Path work)
            throws IOException, InterruptedException {
        List<Drive> all = new ArrayList<>(
                List.of(Drive.of("root", Drive.Kind.VIRTIO, Guest.newRoot(backing, work.resolve("root.qcow2")))));
        for (int i = 0; i < drives; i++) {
            all.add(Drive.nvme("data" + i));
        }
        return new Guest(image, accelerator, work, all);
    }
}
