// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.linux.PseudoFile;

/**
 * Finds the ZFS pools of disks. ZFS claims its disks but is not shown as a holder, and no part of the system exports a
 * pool at shutdown. udev's database contains the name of the pool as a label, and {@code /proc/spl/kstat/zfs} has a
 * directory per imported pool.
 */
final class ZfsPools {
    /**
     * The type of the small partition at the end of a disk that is wholly used by ZFS ({@code EFI_RESERVED} in {@code
     * lib/libefi/rdwr_efi.c} of OpenZFS). It has no content; its user is that of the adjacent partition.
     */
    private static final String RESERVED = "6a945a3b-1dd2-11b2-99a6-080020736631";

    private final Path sys;
    private final Path proc;
    private final Path udev;
    private final Mounts mounts;
    private final Function<String, List<DiskUser>> usersOf;
    /** The pools that have been examined. */
    private final Map<String, DiskUser> known = new HashMap<>();

    /**
     * Creates an instance for a machine.
     *
     * @param udev the directory of udev's database
     * @param usersOf returns all users of a block device and its partitions, by its name
     */
    ZfsPools(Path sys, Path proc, Path udev, Mounts mounts, Function<String, List<DiskUser>> usersOf) {
        this.sys = sys;
        this.proc = proc;
        this.udev = udev;
        this.mounts = mounts;
        this.usersOf = usersOf;
    }

    /**
     * Returns the imported pool of a disk or partition, as its user.
     *
     * @param directory the directory of the disk or partition in sysfs
     */
    Optional<DiskUser> userOf(String directory) {
        Map<String, String> properties = properties(directory);
        if (properties.getOrDefault("ID_PART_ENTRY_TYPE", "").equals(RESERVED)) {
            String disk = directory.substring(0, directory.lastIndexOf('/'));
            return DiskUsers.names(disk)
                    .map(name -> disk + "/" + name)
                    .filter(beside -> new File(beside + "/partition").exists())
                    .flatMap(beside -> poolOf(properties(beside)).stream())
                    .findFirst()
                    .map(this::user);
        }
        return poolOf(properties).map(this::user);
    }

    private Optional<String> poolOf(Map<String, String> properties) {
        String label = properties.getOrDefault("ID_FS_LABEL", "");
        return Optional.of(label)
                .filter(name -> properties.getOrDefault("ID_FS_TYPE", "").equals("zfs_member")
                        && name.matches("[A-Za-z][\\w.: -]*")
                        && Files.isDirectory(proc.resolve("spl/kstat/zfs/" + name)));
    }

    /**
     * Returns a pool as a user. While a pool is examined it counts as in use, because a volume may hold a member of its
     * own pool.
     */
    private DiskUser user(String pool) {
        DiskUser before = known.get(pool);
        if (before == null) {
            known.put(pool, new DiskUser(new User.ZfsPool(pool, Optional.empty()), Release.NEVER));
            before = look(pool);
            known.put(pool, before);
        }
        return before;
    }

    private DiskUser look(String pool) {
        Optional<DiskUser> last = Stream.concat(
                        mounts
                                .ofPool(pool)
                                .map(mounted -> new DiskUser(new User.Mount(mounted.point()), mounted.release()))
                                .stream(),
                        volumesOf(pool).flatMap(volume -> usersOf.apply(volume).stream()))
                .max(Comparator.comparing(DiskUser::release));
        Release release = last.map(DiskUser::release).orElse(Release.EARLY);
        // systemd stops the holders on a volume after the early phase, if at all.
        Release exported = release == Release.EARLY ? Release.EARLY : Release.NEVER;
        return new DiskUser(
                new User.ZfsPool(pool, last.map(DiskUser::user)),
                Release.NEVER,
                Optional.of(new Stack(Set.of(HolderKind.ZFS), Set.of(pool), exported)));
    }

    /** Returns the volumes of a pool, block devices to which udev creates links below {@code /dev/zvol}. */
    private Stream<String> volumesOf(String pool) {
        return DiskUsers.names(sys + "/class/block")
                .filter(name -> name.matches("zd[0-9]+"))
                .filter(name ->
                        lines(sys + "/class/block/" + name).anyMatch(line -> line.startsWith("S:zvol/" + pool + "/")));
    }

    private Map<String, String> properties(String directory) {
        Map<String, String> properties = new HashMap<>();
        lines(directory)
                .filter(line -> line.startsWith("E:") && line.contains("="))
                .forEach(line ->
                        properties.put(line.substring(2, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return properties;
    }

    private Stream<String> lines(String directory) {
        String number = PseudoFile.read(directory + "/dev").orElse("none");
        return PseudoFile.readAll(udev + "/b" + number).lines();
    }
}
