// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.device.Printable;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.linux.PseudoFile;

/**
 * Determines the visible users of disks from mounts, swap and holders. They explain a refused claim, but do not replace
 * the claim.
 *
 * <p>The release of each user follows from what systemd does at shutdown: it stops the units of all swap, and of all
 * mounts except those that {@link Mounts} keeps ({@code umount.target} conflicts with them); systemd-shutdown then
 * disables the remaining swap, and detaches loop, md and device-mapper devices that have no user ({@code umount_all()},
 * {@code swapoff_all()}, {@code md_detach_all()}, {@code dm_detach_all()} in {@code src/shutdown}). An exitrd, if there
 * is one, does the same with the root file system. Other holders (bcache, drbd, zram) stay. {@link DiskUser#stack}
 * contains the holders in between.
 */
final class DiskUsers implements VisibleUsers {
    /** Maximum depth of stacked holders, for example LVM on LUKS on md; real stacks are lower. */
    private static final int DEEPEST = 8;

    private final Path sys;
    private final Mounts mounts;
    private final ZfsPools pools;
    private final List<String> swaps;

    /**
     * Creates the users of a machine, with the swap at this time.
     *
     * @param sys sysfs
     * @param proc procfs
     * @param mounts the mounts
     */
    DiskUsers(Path sys, Path proc, Mounts mounts) {
        this.sys = sys;
        this.mounts = mounts;
        this.swaps = PseudoFile.readAll(proc + "/swaps").lines().toList();
        // The daemon's own root does not contain udev's database.
        Path udev = Path.of(HostPaths.of(proc.toString()).at("/run/udev/data"));
        this.pools = new ZfsPools(sys, proc, udev, mounts, name -> all(sys + "/class/block/" + name, name, 0));
    }

    @Override
    public Optional<DiskUser> of(Device disk) {
        return last(all(sys + disk.path(), disk.name(), 0));
    }

    @Override
    public Optional<DiskUser> ownOf(Device part) {
        return last(own(sys + part.path(), part.name(), 0));
    }

    /** Returns the user that releases the disk last, with the stacks of all users. */
    private static Optional<DiskUser> last(List<DiskUser> users) {
        Optional<Stack> stack = users.stream()
                .map(user -> user.stack().orElse(new Stack(Set.of(), Set.of(), user.release())))
                .reduce(Stack::and)
                .filter(holders -> !holders.kinds().isEmpty());
        return users.stream()
                .map(DiskUser::release)
                .max(Comparator.naturalOrder())
                .flatMap(release ->
                        users.stream().filter(user -> user.release() == release).findFirst())
                .map(user -> new DiskUser(user.user(), user.release(), stack));
    }

    private List<DiskUser> own(String directory, String name, int depth) {
        List<DiskUser> users = new ArrayList<>();
        mountOf(directory, name).ifPresent(users::add);
        swapOf(name).ifPresent(users::add);
        names(directory + "/holders").map(holder -> holder(holder, depth)).forEach(users::add);
        if (users.isEmpty()) {
            unlisted(directory, name).ifPresent(users::add);
        }
        return users;
    }

    private List<DiskUser> all(String directory, String name, int depth) {
        List<DiskUser> users = own(directory, name, depth);
        if (depth < DEEPEST) {
            names(directory)
                    .filter(entry -> entry.startsWith(name))
                    .filter(entry -> new File(directory + "/" + entry + "/partition").exists())
                    .forEach(entry -> users.addAll(all(directory + "/" + entry, entry, depth + 1)));
        }
        return users;
    }

    private Optional<DiskUser> mountOf(String directory, String name) {
        String number = PseudoFile.read(directory + "/dev").orElse("none");
        return mounts.on(number, nodesWith(name))
                .map(mounted -> new DiskUser(new User.Mount(mounted.point()), mounted.release()));
    }

    /**
     * Returns the nodes of a device; for a member of a btrfs those of all members, because a mount names only one of
     * them.
     */
    private List<String> nodesWith(String name) {
        String pools = sys + "/fs/btrfs";
        return Stream.concat(
                        Stream.of(name),
                        names(pools)
                                .map(pool -> pools + "/" + pool + "/devices")
                                .filter(devices -> new File(devices + "/" + name).exists())
                                .flatMap(DiskUsers::names))
                .flatMap(this::nodes)
                .toList();
    }

    private Stream<String> nodes(String name) {
        return Stream.concat(Stream.of("/dev/" + name), mapped(name).map(mapped -> "/dev/mapper/" + mapped).stream());
    }

    private Optional<String> mapped(String name) {
        return PseudoFile.read(sys + "/class/block/" + name + "/dm/name").map(Printable::of);
    }

    private Optional<DiskUser> swapOf(String name) {
        return swaps.stream()
                .filter(line ->
                        nodes(name).anyMatch(node -> line.startsWith(node + " ") || line.startsWith(node + "\t")))
                .map(line -> new DiskUser(new User.Swap(), Release.EARLY))
                .findFirst();
    }

    private DiskUser holder(String holder, int depth) {
        Release own = holder.startsWith("dm-") || holder.startsWith("md") ? Release.LATE : Release.NEVER;
        Optional<String> mapped = mapped(holder);
        if (depth == DEEPEST) {
            // The users of the holder are unknown, and may include the root file system.
            return new DiskUser(new User.Holder(holder, mapped, Optional.empty()), Release.NEVER);
        }
        Optional<DiskUser> above = last(all(sys + "/class/block/" + holder, holder, depth + 1));
        Stack stacked = above.flatMap(DiskUser::stack)
                .orElse(new Stack(
                        Set.of(), Set.of(), above.map(DiskUser::release).orElse(Release.EARLY)));
        Optional<Stack> stack =
                HolderKind.ofName(holder).map(kind -> new Stack(Set.of(kind), Set.of(), Release.EARLY).and(stacked));
        return new DiskUser(
                new User.Holder(holder, mapped, above.map(DiskUser::user)),
                above.map(DiskUser::release)
                        .filter(release -> release.compareTo(own) > 0)
                        .orElse(own),
                stack);
    }

    /** Returns a user that has the claim but is not a holder in sysfs. */
    private Optional<DiskUser> unlisted(String directory, String name) {
        if (new File(directory + "/bcache").exists()) {
            return Optional.of(
                    new DiskUser(new User.Holder("bcache", Optional.empty(), Optional.empty()), Release.NEVER));
        }
        Optional<DiskUser> pool = pools.userOf(directory);
        if (pool.isPresent()) {
            return pool;
        }
        return names(sys + "/class/block")
                .filter(entry -> entry.startsWith("zram"))
                .filter(zram -> PseudoFile.read(sys + "/class/block/" + zram + "/backing_dev")
                        .filter(("/dev/" + name)::equals)
                        .isPresent())
                .map(zram -> new DiskUser(new User.Zram(zram), Release.NEVER))
                .findFirst();
    }

    /** Returns the names in a directory, sorted; none if it cannot be read. */
    static Stream<String> names(String directory) {
        String[] names = new File(directory).list();
        return names == null ? Stream.empty() : Arrays.stream(names).sorted();
    }
}
