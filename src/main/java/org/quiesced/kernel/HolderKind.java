// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.device.Device;

/** Kinds of holders of disks that can be stopped when nobody uses them; the values of the key {@code release}. */
public enum HolderKind {
    /** A ZFS pool. The kernel shows it as no holder and no device. */
    ZFS("zfs", ""),
    /** An array of Linux software RAID. */
    MD("md", "md[_0-9].*"),
    /** A device of device-mapper: LVM, LUKS, multipath. */
    DM("dm", "dm-[0-9]+"),
    /** A device of bcache. */
    BCACHE("bcache", "bcache[0-9]+");

    private final String word;
    private final String names;

    HolderKind(String word, String names) {
        this.word = word;
        this.names = names;
    }

    /** Returns the word for it in the configuration. */
    public String word() {
        return word;
    }

    /**
     * Returns whether the kernel refuses to stop a holder of this kind while it is open: md and device-mapper count who
     * has them open, bcache does not.
     */
    public boolean refusesWhileOpen() {
        return this == MD || this == DM;
    }

    /** Returns the kinds of two sets. */
    public static Set<HolderKind> union(Set<HolderKind> some, Set<HolderKind> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the line of the configuration that names kinds, for example {@code release = ["md"]}. */
    public static String line(Set<HolderKind> kinds) {
        return kinds.stream()
                .sorted()
                .map(kind -> "\"" + kind.word + "\"")
                .collect(Collectors.joining(", ", "release = [", "]"));
    }

    /** Returns the kind of a block device, by its name; empty if it is no holder of disks. */
    public static Optional<HolderKind> of(Device device) {
        return device.isA("block") ? ofName(device.name()) : Optional.empty();
    }

    /** Returns the kind of the block device of that name; empty if it is no holder of disks. */
    public static Optional<HolderKind> ofName(String name) {
        return Stream.of(values())
                .filter(kind -> !kind.names.isEmpty() && name.matches(kind.names) && !name.matches("md.*p[0-9]+"))
                .findFirst();
    }

    /** Returns the kind for which a word stands in the configuration. */
    public static Optional<HolderKind> ofWord(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
