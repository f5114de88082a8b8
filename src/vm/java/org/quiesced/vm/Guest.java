// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One boot of a guest, from power-on until it restarts or turns itself off. */
public final class Guest {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration PATIENCE_PER_RESTART = Duration.ofMinutes(5);

    private static final int LAST_LINES = 25;

    private final GuestImage image;
    private final Accelerator accelerator;
    private final Path work;
    private final List<Drive> drives;
    private final Make make;

    /**
     * Properties in which a guest differs from the usual guest.
     *
     * @param options additional options of QEMU, which come before those of the drives
     * @param parameters additional parameters of the kernel
     * @param restarts the number of its restarts, which preserve its memory, before it turns itself off; with 0 it ends
     *     at its first restart
     */
    record Make(List<String> options, List<String> parameters, int restarts) {
        static final Make USUAL = new Make(List.of(), List.of(), 0);

        Make {
            options = List.copyOf(options);
            parameters = List.copyOf(parameters);
        }

        Duration patience() {
            return PATIENCE.plus(PATIENCE_PER_RESTART.multipliedBy(restarts));
        }
    }

    /**
     * Describes a guest.
     *
     * @param work the directory for the console, the trace and all other files of this boot
     * @param drives its drives; one of them has the root file system
     */
    public Guest(GuestImage image, Accelerator accelerator, Path work, List<Drive> drives) {
        this(image, accelerator, work, drives, Make.USUAL);
    }

    /** Describes a guest with properties that differ from the usual guest's. */
    Guest(GuestImage image, Accelerator accelerator, Path work, List<Drive> drives, Make make) {
        this.image = image;
        this.accelerator = accelerator;
        this.work = work;
        this.drives = List.copyOf(drives);
        this.make = make;
    }

    /** Creates a qcow2 file that has the content of another root file system and takes all writes to it. */
    public static Path newRoot(Path backing, Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Commands.run(
                file.resolveSibling(file.getFileName() + ".log"),
                List.of(
                        "qemu-img",
                        "create",
                        "-q",
                        "-f",
                        "qcow2",
                        "-F",
                        Drive.format(backing),
                        "-b",
                        backing.toAbsolutePath().toString(),
                        file.toString()));
        return file;
    }

    /** Creates an empty file for a drive's content. */
    public static Path newDisk(Path file, long megabytes) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Commands.run(
                file.resolveSibling(file.getFileName() + ".log"),
                List.of("qemu-img", "create", "-q", "-f", "raw", file.toString(), megabytes + "M"));
        return file;
    }

    /**
     * Boots the guest, lets it run its payload, and waits for its end: at most 15 minutes, and five more for each
     * restart.
     *
     * @param watcher receives each line of the console
     * @throws IOException if it does not end within that time, its kernel panics, or QEMU fails
     */
    public Boot boot(Payload payload, Consumer<String> watcher) throws IOException, InterruptedException {
        Files.createDirectories(work);
        Path trace = work.resolve("qemu-trace.log");
        Files.deleteIfExists(trace);
        Path archive = payload.write(work);
        Process qemu = new ProcessBuilder(command(archive, trace))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        Thread watchdog = new Thread(() -> killLate(qemu), "qemu-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader console = qemu.inputReader(StandardCharsets.UTF_8);
                PrintWriter log = new PrintWriter(
                        Files.newBufferedWriter(work.resolve("console.log"), StandardCharsets.UTF_8), true)) {
            for (String line = console.readLine(); line != null; line = console.readLine()) {
                lines.add(line);
                log.println(line);
                watcher.accept(line);
                if (line.contains("Kernel panic")) {
                    throw new IOException("the guest's kernel panicked; see " + work.resolve("console.log")
                            + ", which ends with\n"
                            + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
                }
            }
        } finally {
            qemu.destroyForcibly();
        }
        int code = qemu.waitFor();
        if (code != 0) {
            throw new IOException("the guest did not come to its end (QEMU ended with " + code + "); see "
                    + work.resolve("console.log"));
        }
        return Boot.of(lines, Files.exists(trace) ? Files.readAllLines(trace) : List.of());
    }

    /**
     * Boots the guest with its console on this process's standard input and output, until it turns itself off. It may
     * restart.
     *
     * @return QEMU's exit status
     */
    int interact(Payload payload) throws IOException, InterruptedException {
        Files.createDirectories(work);
        List<String> command = command(payload.write(work), work.resolve("qemu-trace.log"));
        command.set(command.indexOf("stdio"), "mon:stdio");
        command.remove("-no-reboot");
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private void killLate(Process qemu) {
        try {
            if (!qemu.waitFor(make.patience().toSeconds(), TimeUnit.SECONDS)) {
                qemu.destroyForcibly();
            }
        } catch (InterruptedException e) {
            qemu.destroyForcibly();
        }
    }

    private List<String> command(Path archive, Path trace) throws IOException {
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
        command.addAll(accelerator.options());
        command.addAll(List.of("-M", "q35", "-m", "1024", "-nodefaults", "-display", "none", "-no-reboot"));
        command.addAll(List.of("-serial", "stdio", "-msg", "timestamp=on"));
        // Traces of each CC.SHN that an NVMe drive receives, and of each flush of a namespace.
        command.addAll(List.of("-trace", "pci_nvme_mmio_shutdown_set", "-D", trace.toString()));
        command.addAll(List.of("-trace", "pci_nvme_flush_ns"));
        // Trace of each command that a SATA disk receives; the event's name depends on QEMU's version.
        command.addAll(List.of("-trace", "ide_*exec_cmd"));
        command.addAll(List.of(
                "-kernel", image.kernel().toString(), "-initrd", image.initrd().toString()));
        // A kernel that starts on a busy host takes late interrupts of an emulated timer for a broken timer, and panics
        // unless no_timer_check disables the check.
        List<String> parameters = new ArrayList<>(
                List.of("root=LABEL=quiesced-root ro console=ttyS0 quiet printk.devkmsg=on no_timer_check"));
        // Compaction moves pages of code, which an emulator then has to translate again. That stalled a guest for
        // minutes.
        parameters.add("sysctl.vm.compaction_proactiveness=0");
        parameters.addAll(image.kernelParameters());
        parameters.addAll(make.parameters());
        command.addAll(List.of("-append", String.join(" ", parameters)));
        command.addAll(make.options());
        if (make.restarts() > 0) {
            command.remove("-no-reboot");
        }
        int slot = 1;
        for (Drive drive : drives) {
            command.addAll(drive.options(slot));
            slot += 2;
        }
        command.addAll(List.of("-device", "virtio-net-pci,romfile="));
        command.addAll(Drive.of("payload", Drive.Kind.VIRTIO, archive).options(slot));
        return command;
    }
}
