// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;
import org.quiesced.linux.FileStatus;

/**
 * Finds the processes that have the registers of a PCI device open or mapped, through its files {@code resourceN} and
 * {@code config} in sysfs. A process that has closed the file after mapping it shows in {@code /proc/PID/maps} alone, as
 * one that uses the device by {@code uio_pci_generic} does.
 *
 * <p>A file of sysfs has the same inode number wherever it is mounted, and is on no device; a file of another such file
 * system that happens to have that number makes its process a user.
 */
final class RegisterUsers {
    private final String proc;
    private final long self;
    private final FileStatus file = new FileStatus();
    private final Set<Long> inodes = new HashSet<>();

    private RegisterUsers(String proc, long self) {
        this.proc = proc;
        this.self = self;
    }

    /**
     * Returns the first process found, as one that has the file open.
     *
     * @param self the number of the process that looks, which does not count
     * @throws IOException if the files of a living process cannot be seen
     */
    static Optional<User> of(String sys, String proc, long self, Device device) throws IOException {
        RegisterUsers users = new RegisterUsers(proc, self);
        users.readInodes(sys + device.path());
        return users.look();
    }

    private void readInodes(String directory) throws IOException {
        String[] names = new File(directory).list();
        if (names == null) {
            throw new NoSuchFileException(directory);
        }
        for (String name : names) {
            if ((name.startsWith("resource") || name.equals("config")) && file.read(directory + "/" + name)) {
                inodes.add(file.inode());
            }
        }
    }

    private Optional<User> look() throws IOException {
        String[] entries = new File(proc).list();
        if (entries == null) {
            throw new IOException(proc + ": the processes cannot be seen");
        }
        for (String entry : entries) {
            boolean isProcess = entry.charAt(0) >= '1' && entry.charAt(0) <= '9';
            if (isProcess && !entry.equals(String.valueOf(self)) && uses(entry)) {
                return Optional.of(new User.At("resource0", new Task(proc, entry).opener()));
            }
        }
        return Optional.empty();
    }

    private boolean uses(String process) throws IOException {
        return hasMapped(process) || hasOpen(process);
    }

    /** A kernel thread has no mappings: its file is empty. */
    private boolean hasMapped(String process) throws IOException {
        Path maps = Path.of(proc, process, "maps");
        try (BufferedReader lines = Files.newBufferedReader(maps, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isOfDevice(line)) {
                    return true;
                }
            }
        } catch (IOException e) {
            refuseIfAlive(process, e);
        }
        return false;
    }

    /** The fields are: addresses, permissions, offset, device as MAJOR:MINOR in hexadecimal digits, inode, path. */
    private boolean isOfDevice(String line) {
        String[] fields = line.split(" +", 6);
        return fields.length > 4 && fields[3].startsWith("00:") && inodes.contains(Long.parseLong(fields[4]));
    }

    /** A thread may have a table of files of its own. */
    private boolean hasOpen(String process) throws IOException {
        String[] threads = new File(proc + "/" + process + "/task").list();
        if (threads == null) {
            refuseIfAlive(process, new IOException("its threads cannot be listed"));
            return false;
        }
        for (String thread : threads) {
            String directory = proc + "/" + process + "/task/" + thread + "/fd";
            String[] files = new File(directory).list();
            if (files == null) {
                refuseIfAlive(process + "/task/" + thread, new IOException("its files cannot be listed"));
                continue;
            }
            for (String number : files) {
                if (isOpen(process, directory + "/" + number)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A file that a file system in user space does not show is none of sysfs; its descriptor can be followed. */
    private boolean isOpen(String process, String descriptor) throws IOException {
        if (file.read(descriptor)) {
            return file.isRegular() && file.fileSystemMajor() == 0 && inodes.contains(file.inode());
        }
        if (Descriptors.isDenied(file, descriptor)) {
            refuseIfAlive(process, new IOException(file.problem(descriptor)));
        }
        return false;
    }

    private void refuseIfAlive(String process, IOException why) throws IOException {
        Task task = new Task(proc, process);
        if (!task.hasEnded()) {
            throw new IOException("who uses its registers: " + task.opener().process() + ": " + why.getMessage());
        }
    }
}
