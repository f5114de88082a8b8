// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.linux.ffi.ErrnoException;
import org.quiesced.kernel.linux.ffi.LoopStatus;
import org.quiesced.kernel.linux.ffi.NativeFile;

/**
 * Loop devices that are bound to a disk or a partition: {@code loop_configure} in {@code drivers/block/loop.c} takes an open file, and no
 * claim. A loop device on a regular file needs none of this: the file system of that file has the claim.
 *
 * <p>The kernel itself is asked what the file is, for the path in {@code loop/backing_file} is one of the mount namespace of whoever bound
 * the device. The answer may take as long as the server of a network file system does, or the process that is a FUSE file system, which
 * may be for ever; so a loop device on such a file system is not asked.
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

    /** What the kernel says behind the path of a file that was removed while it is open. */
    private static final String DELETED = " (deleted)";

    /** Tells who uses a loop device in turn, in words. */
    @FunctionalInterface
    interface UserOf {
        Optional<String> words(Device disk);
    }

    private final String sys;
    private final String dev;
    private final String proc;
    private final UserOf userOf;

    LoopDevices(String sys, String dev, String proc, UserOf userOf) {
        this.sys = sys;
        this.dev = dev;
        this.proc = proc;
        this.userOf = userOf;
    }

    /**
     * Finds the disks and partitions below loop devices.
     *
     * @param users takes them, in words that follow the name of the node and "is"
     * @throws IOException if it cannot be found out what a loop device is bound to
     */
    void look(HostPaths host, Map<Node, String> users) throws IOException {
        for (String disk : SysfsFile.list(sys + "/block")) {
            // The directory is there as long as the device is bound.
            Optional<String> file = disk.startsWith("loop")
                    ? SysfsFile.readIfThere(sys + "/block/" + disk + "/loop/backing_file")
                    : Optional.empty();
            if (file.isPresent()) {
                Optional<Node> backing = backing(disk, file.get(), host);
                backing.ifPresent(node -> users.putIfAbsent(node, words(disk)));
            }
        }
    }

    private String words(String loop) {
        Device disk = new Device("/devices/virtual/block/" + loop, "block", false, Optional.empty(), Map.of());
        return "what " + loop + " is bound to"
                + userOf.words(disk).map(user -> ", " + user).orElse("");
    }

    private Optional<Node> backing(String loop, String path, HostPaths host) throws IOException {
        if (mayWaitForServer(path)) {
            return Optional.empty();
        }
        try (NativeFile file = NativeFile.open(dev + "/" + loop)) {
            long number = LoopStatus.backing(file);
            return number == 0
                    ? Optional.empty()
                    : Optional.of(new Node(true, LoopStatus.major(number), LoopStatus.minor(number)));
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENXIO) {
                return Optional.empty();
            }
            Optional<Node> node = host.nodeAt(path);
            if (node.isEmpty() && (path.endsWith(DELETED) || host.isMissing(path))) {
                throw new IOException(loop + ": what it is bound to cannot be found out: " + e.getMessage(), e);
            }
            return node;
        }
    }

    private boolean mayWaitForServer(String path) {
        String longest = "";
        String type = "";
        for (String line : SysfsFile.readAll(proc + "/1/mountinfo").split("\n")) {
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
