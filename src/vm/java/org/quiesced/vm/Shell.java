// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code packaging/vm}: a shell in a virtual machine with slow drives, in which the package is installed. */
@Command(
        name = "vm",
        mixinStandardHelpOptions = true,
        description = "Open a shell of root in a virtual machine with slow NVMe drives and quiesced installed.")
public final class Shell implements Callable<Integer> {
    private static final Path WORK = Path.of("target/shell");

    @Option(names = "--drives", defaultValue = "6", description = "How many NVMe drives it has, from 0 to 30.")
    private int drives;

    @Option(
            names = "--delay",
            defaultValue = "3000",
            description = "How long each takes to shut down, in milliseconds.")
    private int delay;

    @Option(names = "--suite", defaultValue = "bookworm", description = "The Debian suite of the guest.")
    private String suite;

    private Shell() {}

    /** Opens the shell. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Shell())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    System.err.println("vm: " + e.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (drives < 0 || drives > 30 || delay < 0) {
            throw new IOException("--drives must be from 0 to 30, and --delay not negative");
        }
        GuestImage image = GuestImage.of(suite);
        Accelerator accelerator = Accelerator.of(image);
        System.out.println("Installing the package in the guest; a minute or two.");
        Path installed =
                Installed.in(image, accelerator, WORK.resolve("install")).root();
        List<Drive> all = new ArrayList<>(
                List.of(Drive.of("root", Drive.Kind.VIRTIO, Guest.newRoot(installed, WORK.resolve("root.qcow2")))));
        for (int i = 0; i < drives; i++) {
            all.add(Drive.nvme("data" + i));
        }
        String script = (drives > 0 ? Scripts.slowNvme(delay) : "") + Scripts.shell();
        return new Guest(image, accelerator, WORK, all).interact(Payload.quiesced(script));
    }
}
