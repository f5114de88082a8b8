// SPDX-License-Identifier: Apache-2.0
package org.quiesced.warmup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.quiesced.kernel.linux.LinuxUsage;

/**
 * The processes, loop devices and exports of the warm-up, as files: {@link LinuxUsage#scan} takes each of its branches,
 * and finds no user of a drive.
 */
final class WarmUpProcesses {
    /** A regular file that always exists, in place of an exported one. */
    private static final String FILE = "/sys/kernel/rcu_expedited";

    /** Two nodes, for only the first user of each is examined. */
    private static final Path READ = Path.of("/dev/null");

    private static final Path WRITTEN = Path.of("/dev/zero");
    private static final int KERNEL = 2;
    private static final int KERNEL_THREAD = 3;
    private static final int READER = 4;
    private static final int WRITER = 5;
    private static final int ENDED = 6;

    private final Path directory;
    private final Path proc;

    private WarmUpProcesses(Path directory) {
        this.directory = directory;
        this.proc = directory.resolve("proc");
    }

    /**
     * Creates the files.
     *
     * @param directory has {@code sys} and {@code dev}, and gets {@code proc}
     */
    static void in(Path directory) throws IOException {
        WarmUpProcesses files = new WarmUpProcesses(directory);
        files.process(1, "shutdown", "0::/init.scope");
        Files.createSymbolicLink(files.proc.resolve("1/root"), directory);
        // The first disk had a user when the shutdown began, and goes down early.
        files.write(
                "proc/1/mountinfo",
                "22 1 0:1 / / rw - tmpfs tmpfs rw\n23 22 259:0 / /data rw - ext4 /dev/nvme0n1 rw\n");
        files.write("proc/swaps", "Filename Type Size Used Priority\n");
        files.process(KERNEL, "kthreadd", "0::/");
        files.write("proc/2/task/2/children", KERNEL_THREAD + " ");
        files.process(KERNEL_THREAD, "kworker", "0::/");
        files.process(READER, "multipathd", "0::/system.slice/multipathd.service");
        files.open(READER, READ, 0);
        files.process(WRITER, "postgres", "0::/system.slice/postgresql.service");
        files.open(WRITER, WRITTEN, 2);
        files.write("proc/" + ENDED + "/status", "State:\tZ (zombie)\n");
        files.write("sys/block/loop0/loop/backing_file", FILE + "\n");
        Files.createSymbolicLink(directory.resolve("dev/loop0"), READ);
        String namespace = "sys/kernel/config/nvmet/subsystems/warm-up/namespaces/1/";
        files.write(namespace + "enable", "1\n");
        files.write(namespace + "device_path", FILE + "\n");
    }

    private void process(int id, String command, String group) throws IOException {
        Files.createDirectories(proc.resolve(id + "/task/" + id + "/fd"));
        // A second thread that the kernel does not have: kcmp fails for it, so its table of files is examined too.
        Files.createDirectories(proc.resolve(id + "/task/0/fd"));
        Files.createDirectories(proc.resolve(id + "/fd"));
        write("proc/" + id + "/comm", command + "\n");
        write("proc/" + id + "/maps", "7f0000000000-7f0000001000 rw-s 00000000 00:16 1 /sys/devices/resource0\n");
        write("proc/" + id + "/cgroup", group + "\n");
        write("proc/" + id + "/status", "State:\tS (sleeping)\nUid:\t0\t0\t0\t0\n");
    }

    private void open(int process, Path node, int flags) throws IOException {
        Files.createSymbolicLink(proc.resolve(process + "/fd/3"), node);
        write("proc/" + process + "/fdinfo/3", "pos:\t0\nflags:\t0" + flags + "\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
