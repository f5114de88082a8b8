// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.LoopStatus;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;

/**
 * Loop devices that are bound to a disk or a partition: {@code loop_configure} in {@code drivers/block/loop.c} takes an
 * open file without a claim. A loop device on a regular file does not matter here, because the file system of that file
 * has the claim.
 *
 * <p>The backing file is queried from the kernel by an ioctl, because the path in {@code loop/backing_file} belongs to
 * the mount namespace of the process that bound the device. The ioctl may block forever in the server of a network file
 * system or of a FUSE file system, so a loop device on such a file system is not queried. Any other loop device that
 * does not answer ({@code loop_get_status} takes {@code lo_mutex}, which is held while the device waits for its file)
 * counts as bound to the file at its path.
 */
final class LoopDevices {
    private static final Set<String> NETWORK = Set.of(
            "9p",
            "afs",
            "ceph",
            "cifs",
            "coda",
            "glusterfs",
            "gpfs",
            "lustre",
            "ncpfs",
            "nfs",
            "nfs4",
            "smb3",
            "smbfs",
            "virtiofs");

    /** Time limit of a query. A loop device answers in microseconds unless it is being bound. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** The suffix that the kernel appends to the path of a removed file. */
    private static final String DELETED = " (deleted)";

    /** Returns the user of a loop device. */
    @FunctionalInterface
    interface UserOf {
        Optional<User> user(Device disk);
    }

    /** Queries a loop device, by its node, for the number of the device that it is bound to; 0 for a regular file. */
    @FunctionalInterface
    interface Asking {
        long number(String node) throws IOException;
    }

    private final String sys;
    private final String dev;
    private final String proc;
    private final UserOf userOf;
    private final BlockingCalls<Long> calls;
    private final Asking asking;

    LoopDevices(String sys, String dev, String proc, UserOf userOf) {
        this(sys, dev, proc, userOf, new BlockingCalls<>(LIMIT), LoopDevices::numberOf);
    }

    LoopDevices(String sys, String dev, String proc, UserOf userOf, BlockingCalls<Long> calls, Asking asking) {
        this.calls = calls;
        this.asking = asking;
        this.sys = sys;
        this.dev = dev;
        this.proc = proc;
        this.userOf = userOf;
    }

    /**
     * Finds the disks and partitions below loop devices.
     *
     * @param users receives the users, by the nodes of the disks
     * @throws IOException if the backing of a loop device cannot be determined
     */
    void scan(HostPaths host, Map<Node, User> users) throws IOException {
        Map<String, String> files = files();
        // Read only if needed: the kernel generates this text for each reader. Each snap package has a loop device, so
        // it is read once for all.
        String mounts = files.isEmpty() ? "" : PseudoFile.readAll(proc + "/1/mountinfo");
        for (Map.Entry<String, String> file : files.entrySet()) {
            String disk = file.getKey();
            if (!mayWaitForServer(file.getValue(), mounts)) {
                Optional<Node> backing = backing(disk, file.getValue(), host);
                backing.ifPresent(node -> users.putIfAbsent(node, user(disk)));
            }
        }
    }

    /** Returns the path of the backing file of each bound device. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (String disk : PseudoFile.list(sys + "/block")) {
            if (disk.startsWith("loop")) {
                // The directory exists while the device is bound.
                PseudoFile.readIfThere(sys + "/block/" + disk + "/loop/backing_file")
                        .ifPresent(file -> files.put(disk, file));
            }
        }
        return files;
    }

    private User user(String loop) {
        Device disk = new Device("/devices/virtual/block/" + loop, "block", false, Optional.empty(), Map.of());
        return new User.Loop(loop, userOf.user(disk));
    }

    private Optional<Node> backing(String loop, String path, HostPaths host) throws IOException {
        IOException problem;
        try {
            Optional<Long> number = calls.ask(loop, () -> asking.number(dev + "/" + loop));
            if (number.isPresent()) {
                return number.filter(known -> known != 0)
                        .map(known -> new Node(true, LoopStatus.major(known), LoopStatus.minor(known)));
            }
            problem = new IOException("no answer");
        } catch (IOException e) {
            if (e instanceof ErrnoException errno && errno.errno() == ErrnoException.ENXIO) {
                return Optional.empty();
            }
            problem = e;
        }
        Optional<Node> node = host.nodeAt(path);
        if (node.isEmpty() && (path.endsWith(DELETED) || host.isMissing(path))) {
            throw new IOException(loop + ": its backing cannot be determined: " + problem.getMessage(), problem);
        }
        return node;
    }

    private static long numberOf(String loop) throws ErrnoException {
        try (NativeFile file = NativeFile.open(loop)) {
            return LoopStatus.backing(file);
        }
    }

    private static boolean mayWaitForServer(String path, String mounts) {
        String longest = "";
        String type = "";
        for (String line : mounts.split("\n")) {
            // ID parent major:minor root mount-point options [tags] - type source super-options
            String[] fields = line.split(" ");
            int dash = line.indexOf(" - ");
            if (fields.length > 5 && dash > 0) {
                String point = fields[4].equals("/") ? "" : Mounts.unescape(fields[4]);
                if (point.length() >= longest.length() && path.startsWith(point + "/")) {
                    longest = point;
                    type = line.substring(dash + 3).split(" ", 2)[0];
                }
            }
        }
        return NETWORK.contains(type) || type.equals("fuse") || type.startsWith("fuse.") || type.equals("fuseblk");
    }
}
