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
 * One pass over the open files of all processes. A device node is known by its number, so that neither its path nor its
 * mount namespace matters. Of each process the files of its first thread are looked at, and those of a thread that has
 * a table of files of its own.
 *
 * <p>A kernel thread has no files. It is a child of {@code kthreadd} and has no executable. Neither is enough: programs
 * that the kernel starts are children of {@code kthreadd} too ({@code kernel/umh.c},
 * {@code call_usermodehelper_exec_work}), and a process that is being killed loses its memory, and so its executable,
 * seconds before its files if it had much memory ({@code do_exit} in {@code kernel/exit.c}).
 *
 * <p>What a descriptor does not show cannot be seen: files that are registered in an io_uring and closed after that,
 * descriptors that are on their way in a local socket, mappings of files that are closed, and what a process that is
 * ending still writes when it has given its descriptors up. For one look, by one thread.
 */
final class OpenNodes {
    /** {@code O_PATH} of {@code asm-generic/fcntl.h}: such a descriptor names a node and has nothing open. */
    private static final int O_PATH = 010000000;
    /**
     * A directory of procfs has two links, and one more for each directory in it ({@code proc_task_getattr} in
     * {@code fs/proc/base.c}).
     */
    private static final int LINKS_OF_ITSELF = 2;

    private static final int LONGEST_NUMBER = 20;

    /** Tells whether two tasks have the same open files. */
    @FunctionalInterface
    interface Sharing {
        boolean ofFiles(int first, int second);
    }

    private final String proc;
    private final long self;
    private final Sharing sharing;
    private final Map<Node, User> users;
    private final FileStatus file = new FileStatus();
    /** The path of a file, ended by a zero byte; one array for all, for there are many files. */
    private final byte[] path;

    private Set<String> ofKernel = Set.of();

    /**
     * Prepares a look.
     *
     * @param self the number of the process that looks, which is none of those that use anything
     * @param users takes the first user of each node
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
     * Looks.
     *
     * @throws IOException if there is a living process whose files cannot be seen
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
     * Empty where the kernel does not tell of children ({@code CONFIG_PROC_CHILDREN}): kernel threads are listed as
     * processes then.
     */
    private Set<String> childrenOfKernel() {
        // The kernel may list one twice when others come and go.
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

    /** The first thread may have ended before the others: it shows no files then, and shares none. */
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
     * Looks at one table of files.
     *
     * @param thread the directory of the thread within that of the process, or nothing
     * @param end where the path of that directory ends
     * @return how many files there are
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
                // Closed meanwhile; or a file that its server has forgotten, which is no node.
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

    /** Writes to the path from there on, and a zero byte behind it. */
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
