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
 * One pass over the files that processes have open or mapped, which finds the users of given files of sysfs. A process
 * that has closed a file after mapping it shows only in {@code /proc/PID/maps}, for example one that uses a device by
 * {@code uio_pci_generic}. {@link OpenNodes}, which is needed for all disks, does not read mappings, because that would
 * dominate its cost.
 *
 * <p>A file of sysfs has the same inode number wherever sysfs is mounted, and is on no device; a file of another file
 * system without a device that has the same number makes its process a user too. Not thread-safe; for one pass.
 */
final class OpenInodes {
    private final String proc;
    private final long self;
    private final Set<Long> inodes;
    private final FileStatus file = new FileStatus();
    private final Map<Long, User> users = new HashMap<>();

    /**
     * The result of a pass.
     *
     * @param users the first user of each file, by its inode number
     * @param problem why the pass was not completed: the files of a living process cannot be read
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
     * @param self the process ID of this process, which is not examined
     * @param inodes the inode numbers of the files
     */
    OpenInodes(String proc, long self, Set<Long> inodes) {
        this.proc = proc;
        this.self = self;
        this.inodes = Set.copyOf(inodes);
    }

    /** Makes the pass. */
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

    /** Examines the mappings of a process; the file of a kernel thread is empty. */
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

    /**
     * Examines a line with the fields: addresses, permissions, offset, device as MAJOR:MINOR in hexadecimal digits,
     * inode, path.
     */
    private void lookAtMapping(String line, String process) {
        String[] fields = line.split(" +", 6);
        if (fields.length > 4 && fields[3].startsWith("00:")) {
            note(Long.parseLong(fields[4]), process);
        }
    }

    /** Examines the files of all threads, which may have separate tables of files. */
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

    /** Examines a file. One that a file system in user space hides is not on sysfs; its descriptor can be followed. */
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
