// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.quiesced.device.Printable;
import org.quiesced.kernel.DiskUser.Release;

/**
 * The mounts of {@code mountinfo} in proc(5), and when systemd unmounts them. Immutable.
 *
 * <p>systemd-shutdown unmounts all mounts except {@code /}, {@code /usr} and those below {@code /run/initramfs} ({@code
 * nonunmountable_path()} in {@code src/shutdown/umount.c}). An exitrd, if there is one, unmounts the first two. The
 * same applies to other mounts of their file systems, and to the layers of an overlay. The file system with the backing
 * file of a loop device stays.
 */
final class Mounts {
    private final byte[] text;
    /**
     * The mounts of each file system, by its device number, for example {@code 259:0}. The numbers of btrfs and similar
     * file systems are anonymous, for example {@code 0:42}.
     */
    private final Map<String, List<Mount>> byNumber = new HashMap<>();
    /** The number of the file system on a device node. */
    private final Map<String, String> numbers = new HashMap<>();

    /** The file systems that are not unmounted before an exitrd, by number, and when they are released. */
    private final Map<String, Release> kept = new HashMap<>();

    /**
     * A mount.
     *
     * @param root the mounted directory of the file system; other than {@code /} for a bind mount or a subvolume
     * @param nodes the device nodes of the file system that the line names
     * @param layers the directories of an overlay
     * @param dataset the dataset or snapshot of ZFS, {@code pool}, {@code pool/name}, {@code pool/name@snapshot}; empty
     *     for any other file system
     */
    private record Mount(
            String number, String root, String point, List<String> nodes, List<String> layers, String dataset) {
        Optional<Release> kept() {
            if (point.equals("/") || point.equals("/usr")) {
                return Optional.of(Release.EXITRD);
            }
            return (point + "/").startsWith("/run/initramfs/") ? Optional.of(Release.NEVER) : Optional.empty();
        }

        boolean contains(String path) {
            return point.equals("/") || path.equals(point) || path.startsWith(point + "/");
        }

        /**
         * Returns whether the mount may have contained a path before it was moved below another directory, that is,
         * whether a suffix of its mount point contains the path.
         */
        boolean mayHaveHad(String path) {
            for (int slash = point.indexOf('/', 1); slash > 0; slash = point.indexOf('/', slash + 1)) {
                if ((path + "/").startsWith(point.substring(slash) + "/")) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Parses the mounts.
     *
     * @param backingFiles returns the backing file of a loop device, by its node
     */
    Mounts(byte[] mountinfo, Function<String, Optional<String>> backingFiles) {
        this.text = mountinfo;
        List<Mount> all = new String(mountinfo, StandardCharsets.UTF_8)
                .lines()
                .flatMap(line -> parse(line).stream())
                .toList();
        for (Mount mount : all) {
            byNumber.computeIfAbsent(mount.number(), number -> new ArrayList<>())
                    .add(mount);
            mount.nodes().forEach(node -> numbers.putIfAbsent(node, mount.number()));
        }
        ArrayDeque<Mount> open = new ArrayDeque<>();
        for (Mount mount : all) {
            mount.kept().ifPresent(release -> {
                kept.merge(mount.number(), release, Mounts::later);
                open.add(mount);
            });
        }
        while (!open.isEmpty()) {
            Mount carried = open.remove();
            Release release = kept.getOrDefault(carried.number(), Release.NEVER);
            byNumber.getOrDefault(carried.number(), List.of()).stream()
                    .flatMap(mount -> mount.layers().stream())
                    .forEach(path -> keepLayer(path, release, all, open));
            carried.nodes().stream()
                    .flatMap(node -> backingFiles.apply(node).stream())
                    .forEach(path -> keep(path, Release.NEVER, all, open));
        }
    }

    /**
     * Records the release of the file systems that may contain a layer of an overlay. The path of a layer is as of the
     * mount of the overlay: an initramfs may later move the mounts of the layers below a directory of the new root.
     */
    private void keepLayer(String path, Release release, List<Mount> all, ArrayDeque<Mount> open) {
        boolean mayBeMoved =
                carrier(path, all).filter(mount -> !mount.point().equals("/")).isEmpty();
        keep(path, release, all, open);
        if (mayBeMoved) {
            all.stream()
                    .filter(mount -> mount.mayHaveHad(path))
                    .forEach(mount -> keep(mount.point(), release, all, open));
        }
    }

    /** Records that the file system with a path is released no earlier than the file system that it carries. */
    private void keep(String path, Release release, List<Mount> all, ArrayDeque<Mount> open) {
        carrier(path, all).ifPresent(carrier -> {
            Release before = kept.get(carrier.number());
            if (kept.merge(carrier.number(), release, Mounts::later) != before) {
                open.add(carrier);
            }
        });
    }

    private static Release later(Release one, Release other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Parses a line: ID parent major:minor root mount-point options [tags] - type source super-options. */
    private static Optional<Mount> parse(String line) {
        String[] fields = line.split(" ");
        int dash = Arrays.asList(fields).indexOf("-");
        if (dash < 6 || dash + 2 >= fields.length) {
            return Optional.empty();
        }
        String[] options = dash + 3 < fields.length ? fields[dash + 3].split(",") : new String[0];
        List<String> nodes = new ArrayList<>();
        List<String> layers = new ArrayList<>();
        // bcachefs lists all its disks, separated by colons.
        Stream.of(fields[dash + 2].split(":"))
                .filter(source -> source.startsWith("/dev/"))
                .map(Mounts::unescape)
                .forEach(nodes::add);
        for (String option : options) {
            int equals = option.indexOf('=');
            String value = unescape(option.substring(equals + 1));
            if (fields[dash + 1].equals("overlay") && option.matches("(lowerdir\\+?|upperdir|workdir|datadir\\+)=.*")) {
                layers.addAll(List.of(value.split(":")));
            } else if (equals > 0 && value.startsWith("/dev/")) {
                // logdev= and rtdev= of xfs.
                nodes.add(value);
            }
        }
        String dataset = fields[dash + 1].equals("zfs") ? unescape(fields[dash + 2]) : "";
        return Optional.of(new Mount(fields[2], unescape(fields[3]), unescape(fields[4]), nodes, layers, dataset));
    }

    private static Optional<Mount> carrier(String path, List<Mount> all) {
        return all.stream()
                .filter(mount -> mount.contains(path))
                .max(Comparator.comparingInt(mount -> mount.point().length()));
    }

    /** Returns whether the mounts were parsed from this text. */
    boolean areOf(byte[] mountinfo) {
        return Arrays.equals(text, mountinfo);
    }

    /** A mounted file system: its mount point, and when it is unmounted. */
    record FileSystem(String point, Release release) {}

    /**
     * Returns the file system on a device. Of several mount points it has the one that determines the release, or else
     * one that shows the whole file system.
     *
     * @param number the device's number
     * @param nodes the nodes of the device, and those of the other members of its file system
     */
    Optional<FileSystem> on(String number, Collection<String> nodes) {
        return Stream.concat(Stream.of(number), nodes.stream().flatMap(node -> Stream.ofNullable(numbers.get(node))))
                .flatMap(candidate -> Stream.ofNullable(byNumber.get(candidate)))
                .findFirst()
                .map(mounts -> new FileSystem(
                        Printable.of(best(mounts).point()),
                        kept.getOrDefault(mounts.get(0).number(), Release.EARLY)));
    }

    /** Returns the file system of a ZFS pool that is unmounted last; empty if none is mounted. */
    Optional<FileSystem> ofPool(String pool) {
        return byNumber.values().stream()
                .flatMap(List::stream)
                .filter(mount -> mount.dataset().split("[/@]", 2)[0].equals(pool))
                .map(mount ->
                        new FileSystem(Printable.of(mount.point()), kept.getOrDefault(mount.number(), Release.EARLY)))
                .max(Comparator.comparing(FileSystem::release).thenComparing(FileSystem::point));
    }

    private static Mount best(List<Mount> mounts) {
        return mounts.stream()
                .min(Comparator.comparing((Mount mount) -> mount.kept().isEmpty())
                        .thenComparing(mount -> !mount.root().equals("/")))
                .orElseThrow();
    }

    /**
     * Decodes the octal escapes that the kernel writes for white space, backslashes and, within options, commas and
     * colons.
     */
    static String unescape(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\043", "#")
                .replace("\\054", ",")
                .replace("\\072", ":")
                .replace("\\134", "\\");
    }
}
