// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.kernel.User;
import org.quiesced.linux.FileStatus;

/**
 * One pass over the files that processes have open or mapped, which finds the users of some files of sysfs. A process
 * that has closed a file after mapping it shows in {@code /proc/PID/maps} alone, as one that uses a device by {@code
 * uio_pci_generic} does. {@link OpenNodes}, which all disks need, reads no mappings: that would cost it more than all
 * else.
 *
 * <p>A file of sysfs has the same inode number wherever it is mounted, and is on no device; a file of another such file
 * system that happens to have that number makes its process a user. For one pass, by one thread.
 */
final class OpenInodes {
    private final String proc;
    private final long self;
    private final Set<Long> inodes;
    private final FileStatus file = new FileStatus();
    private final Map<Long, User> users = new HashMap<>();

    /**
     * What a pass has found.
     *
     * @param users the first user of each file, by its number
     * @param problem why the pass was not completed: the files of a living process cannot be seen
     */
    record Found(Map<Long, User> users, Optional<IOException> problem) {
        Found {
            users = Map.copyOf(users);
        }

        /**
         * Returns the user of one of the files.
         *
         * @throws IOException if none was found and the pass was not completed
         */
        Optional<User> userOf(Set<Long> inodes) throws IOException {
            Optional<User> user = inodes.stream()
                    .flatMap(inode -> Optional.ofNullable(users.get(inode)).stream())
                    .findFirst();
            if (user.isEmpty() && problem.isPresent()) {
                throw new IOException(problem.get().getMessage(), problem.get());
            }
            return user;
        }
    }

    /**
     * Prepares a pass.
     *
     * @param self the number of the process that looks, which does not count
     * @param inodes the numbers of the files
     */
    OpenInodes(String proc, long self, Set<Long> inodes) {
        this.proc = proc;
        this.self = self;
        this.inodes = Set.copyOf(inodes);
    }

    /** Looks. */
    Found scan() {
        try {
            lookAtAll();
            return new Found(users, Optional.empty());
        } catch (IOException e) {
            return new Found(users, Optional.of(e));
        }
    }

    private void lookAtAll() throws IOException {
        String[] entries = new File(proc).list();
        if (entries == null) {
            throw new IOException(proc + ": the processes cannot be seen");
        }
        for (String entry : entries) {
            boolean isProcess = entry.charAt(0) >= '1' && entry.charAt(0) <= '9';
            if (isProcess && !entry.equals(String.valueOf(self))) {
                lookAt(entry);
            }
        }
    }

    private void lookAt(String process) throws IOException {
        lookAtMappings(process);
        lookAtFiles(process);
    }

    private void note(long inode, String process) {
        if (inodes.contains(inode) && !users.containsKey(inode)) {
            users.put(inode, new User.At("resource0", new Task(proc, process).opener()));
        }
    }

    /** A kernel thread has no mappings: its file is empty. */
    private void lookAtMappings(String process) throws IOException {
        Path maps = Path.of(proc, process, "maps");
        try (BufferedReader lines = Files.newBufferedReader(maps, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lookAtMapping(line, process);
            }
        } catch (IOException e) {
            refuseIfAlive(process, e);
        }
    }

    /** The fields are: addresses, permissions, offset, device as MAJOR:MINOR in hexadecimal digits, inode, path. */
    private void lookAtMapping(String line, String process) {
        String[] fields = line.split(" +", 6);
        if (fields.length > 4 && fields[3].startsWith("00:")) {
            note(Long.parseLong(fields[4]), process);
        }
    }

    /** A thread may have a table of files of its own. */
    private void lookAtFiles(String process) throws IOException {
        String[] threads = new File(proc + "/" + process + "/task").list();
        if (threads == null) {
            refuseIfAlive(process, new IOException("its threads cannot be listed"));
            return;
        }
        for (String thread : threads) {
            String directory = proc + "/" + process + "/task/" + thread + "/fd";
            String[] files = new File(directory).list();
            if (files == null) {
                refuseIfAlive(process + "/task/" + thread, new IOException("its files cannot be listed"));
                continue;
            }
            for (String number : files) {
                lookAtFile(process, directory + "/" + number);
            }
        }
    }

    /** A file that a file system in user space does not show is none of sysfs; its descriptor can be followed. */
    private void lookAtFile(String process, String descriptor) throws IOException {
        if (file.read(descriptor)) {
            if (file.isRegular() && file.fileSystemMajor() == 0) {
                note(file.inode(), process);
            }
        } else if (Descriptors.isDenied(file, descriptor)) {
            refuseIfAlive(process, new IOException(file.problem(descriptor)));
        }
    }

    private void refuseIfAlive(String process, IOException why) throws IOException {
        Task task = new Task(proc, process);
        if (!task.hasEnded()) {
            throw new IOException("who uses its registers: " + task.opener().process() + ": " + why.getMessage());
        }
    }
}
