// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.device.Device;

/** Kinds of holders of disks that can be stopped when they have no user; the values of the key {@code release}. */
public enum HolderKind {
    /** A ZFS pool. The kernel shows it neither as a holder nor as a device. */
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

    /** Returns the configuration's word for the kind. */
    public String word() {
        return word;
    }

    /**
     * Returns whether the kernel refuses to stop an open holder of this kind: md and device-mapper count their openers,
     * bcache does not.
     */
    public boolean refusesWhileOpen() {
        return this == MD || this == DM;
    }

    /** Returns the union of two sets. */
    public static Set<HolderKind> union(Set<HolderKind> some, Set<HolderKind> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the line of the configuration for some kinds, for example {@code release = ["md"]}. */
    public static String line(Set<HolderKind> kinds) {
        return kinds.stream()
                .sorted()
                .map(kind -> "\"" + kind.word + "\"")
                .collect(Collectors.joining(", ", "release = [", "]"));
    }

    /** Returns the kind of a block device, by its name; empty if it is not a holder of disks. */
    public static Optional<HolderKind> of(Device device) {
        return device.isA("block") ? ofName(device.name()) : Optional.empty();
    }

    /** Returns the kind of the block device with a name; empty if it is not a holder of disks. */
    public static Optional<HolderKind> ofName(String name) {
        return Stream.of(values())
                .filter(kind -> !kind.names.isEmpty() && name.matches(kind.names) && !name.matches("md.*p[0-9]+"))
                .findFirst();
    }

    /** Returns the kind of a configuration's word. */
    public static Optional<HolderKind> ofWord(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
