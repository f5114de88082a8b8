// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.kernel.User;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.FileStatus;
import org.quiesced.linux.PseudoFile;

/**
 * One pass over the open files of all processes. Device nodes are compared by number, so their paths and mount
 * namespaces do not matter. The pass examines the files of each process's first thread, and those of threads that have
 * separate tables of files.
 *
 * <p>Kernel threads have no files and are skipped: they are children of {@code kthreadd} without an executable. Both
 * conditions are needed: programs that the kernel starts are children of {@code kthreadd} too ({@code kernel/umh.c},
 * {@code call_usermodehelper_exec_work}), and a process that is being killed loses its memory, including its
 * executable, seconds before its files if it had much memory ({@code do_exit} in {@code kernel/exit.c}).
 *
 * <p>Uses without a descriptor are not visible: files that were registered in an io_uring and then closed, descriptors
 * in transit in a local socket, mappings of closed files, and the last writes of an ending process that has closed its
 * descriptors. Not thread-safe; for one pass.
 */
final class OpenNodes {
    /** {@code O_PATH} of {@code asm-generic/fcntl.h}: such a descriptor does not open the node. */
    private static final int O_PATH = 010000000;
    /**
     * Links of a procfs directory without subdirectories; each subdirectory adds one ({@code proc_task_getattr} in
     * {@code fs/proc/base.c}).
     */
    private static final int LINKS_OF_ITSELF = 2;

    private static final int LONGEST_NUMBER = 20;

    /** Returns whether two tasks share a table of open files. */
    @FunctionalInterface
    interface Sharing {
        boolean ofFiles(int first, int second);
    }

    private final String proc;
    private final long self;
    private final Sharing sharing;
    private final Map<Node, User> users;
    private final FileStatus file = new FileStatus();
    /** The path of a file, terminated by a zero byte. The array is reused, because there are many files. */
    private final byte[] path;

    private Set<String> ofKernel = Set.of();

    /**
     * Prepares a pass.
     *
     * @param self the process ID of this process, which is not examined
     * @param users receives the first user of each node
     */
    OpenNodes(String proc, long self, Sharing sharing, Map<Node, User> users) {
        this.proc = proc;
        this.self = self;
        this.sharing = sharing;
        this.users = users;
        byte[] start = (proc + "/").getBytes(StandardCharsets.UTF_8);
        this.path = Arrays.copyOf(start, start.length + 3 * LONGEST_NUMBER);
    }

    /**
     * Makes the pass.
     *
     * @throws IOException if the files of a living process cannot be read
     */
    void scan() throws IOException {
        String[] entries = new File(proc).list();
        if (entries == null) {
            throw new IOException(proc + ": the processes cannot be seen");
        }
        String own = String.valueOf(self);
        ofKernel = childrenOfKernel();
        for (String entry : entries) {
            if (isNumber(entry) && !entry.equals(own)) {
                lookAtProcess(entry);
            }
        }
    }

    /**
     * Returns the children of kthreadd; empty if the kernel does not list children ({@code CONFIG_PROC_CHILDREN}), in
     * which case kernel threads are examined too.
     */
    private Set<String> childrenOfKernel() {
        // A set, because the kernel may list a child twice while others come and go.
        return new Task(proc, "2").command().equals(Optional.of("kthreadd"))
                ? new HashSet<>(Arrays.asList(
                        PseudoFile.readAll(proc + "/2/task/2/children").split(" ")))
                : Set.of();
    }

    private void lookAtProcess(String process) throws IOException {
        int end = append(proc.length() + 1, process);
        if (ofKernel.contains(process)) {
            append(end, "/exe");
            if (!file.read(path) && file.errno() == ErrnoException.ENOENT) {
                return;
            }
        }
        int files = lookAtTable(process, "", end);
        append(end, "/task");
        int threads = file.read(path) ? file.links() - LINKS_OF_ITSELF : 0;
        if (threads != 1) {
            lookAtThreads(process, end, files > 0);
        }
    }

    /**
     * Examines the threads of a process. The first thread may have ended before the others; then it has no files and
     * shares none.
     */
    private void lookAtThreads(String process, int end, boolean firstHasFiles) throws IOException {
        String[] threads = new File(proc + "/" + process + "/task").list();
        if (threads == null) {
            return;
        }
        int first = Integer.parseInt(process);
        for (String thread : threads) {
            if (!thread.equals(process) && !(firstHasFiles && sharing.ofFiles(first, Integer.parseInt(thread)))) {
                int at = append(end, "/task/");
                lookAtTable(process, "/task/" + thread, append(at, thread));
            }
        }
    }

    /**
     * Examines one table of files.
     *
     * @param thread the directory of the thread within that of the process; empty for the first thread
     * @param end the length of that directory's path
     * @return number of files
     */
    private int lookAtTable(String process, String thread, int end) throws IOException {
        String directory = proc + "/" + process + thread;
        String[] files = new File(directory + "/fd").list();
        if (files == null) {
            refuseIfAlive(process, thread, "they cannot be listed");
            return 0;
        }
        int start = append(end, "/fd/");
        for (String number : files) {
            append(start, number);
            if (!file.read(path)) {
                if (Descriptors.isDenied(file, directory + "/fd/" + number)) {
                    refuseIfAlive(process, thread, file.problem("descriptor " + number));
                }
                // The file was closed meanwhile; or its server has forgotten it, so it is not a device node.
                continue;
            }
            if (file.isBlockDevice() || file.isCharacterDevice()) {
                Node node = new Node(file.isBlockDevice(), file.major(), file.minor());
                if (!users.containsKey(node)) {
                    lookAtNode(node, new Task(proc, process), directory + "/fdinfo/" + number);
                }
            }
        }
        return files.length;
    }

    private void lookAtNode(Node node, Task process, String info) {
        Optional<Integer> flags = flags(info);
        boolean harmless =
                flags.isPresent() && ((flags.get() & O_PATH) != 0 || SystemReaders.owns(process, flags.get()));
        if (!harmless) {
            users.put(node, process.opener());
        }
    }

    private static Optional<Integer> flags(String info) {
        return PseudoFile.read(info)
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("flags:"))
                        .map(line -> Integer.parseInt(
                                line.substring("flags:".length()).strip(), 8))
                        .findFirst());
    }

    private void refuseIfAlive(String process, String thread, String why) throws IOException {
        if (!new Task(proc, process + thread).hasEnded()) {
            throw new IOException(
                    "the open files of " + new Task(proc, process).opener().process() + ": " + why);
        }
    }

    /** Writes text and a zero byte to the path, from an index on. */
    private int append(int from, String text) {
        int at = from;
        for (int i = 0; i < text.length(); i++) {
            path[at++] = (byte) text.charAt(i);
        }
        path[at] = 0;
        return at;
    }

    private static boolean isNumber(String name) {
        return name.charAt(0) >= '1' && name.charAt(0) <= '9';
    }
}
