// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.EndedBoot;
import org.quiesced.method.DriveIdentity;

/**
 * The drives of one boot, as they are stored in a file.
 *
 * @param format {@link #FORMAT}
 * @param boot the id of the boot, from {@code /proc/sys/kernel/random/boot_id}
 * @param drives in the order of discovery
 */
public record Drives(String format, String boot, List<Drive> drives) {
    /** The format that this version writes and reads. */
    public static final String FORMAT = "quiesced-drives-1";

    /** Copies the list; rejects values that are absent in JSON. */
    public Drives {
        Objects.requireNonNull(boot, "boot");
        drives = List.copyOf(drives);
    }

    /** Returns the boot and its drives in the form of a record. */
    EndedBoot ended() {
        return new EndedBoot(
                boot,
                drives.stream()
                        .map(drive -> DeviceRecord.drive(drive.path(), drive.name(), drive.driver(), drive.identity()))
                        .toList());
    }

    /** Creates the drives of a boot. */
    static Drives of(String boot, List<Drive> drives) {
        return new Drives(FORMAT, boot, drives);
    }

    Optional<Drive> at(String path) {
        return drives.stream().filter(drive -> drive.path().equals(path)).findFirst();
    }

    /**
     * Returns the drive of this boot that is the same as one of another boot. If several have the same identity,
     * because some vendors reuse serial numbers, the sysfs path has to be equal too.
     */
    Optional<Drive> same(Drive other) {
        List<Drive> alike = drives.stream()
                .filter(drive -> drive.identity().equals(other.identity()))
                .toList();
        return alike.size() == 1
                ? Optional.of(alike.get(0))
                : alike.stream()
                        .filter(drive -> drive.path().equals(other.path()))
                        .findFirst();
    }

    /**
     * Returns these drives, and those of an earlier reading in the same boot that are missing here. A drive that did
     * not answer has its earlier counters.
     */
    Drives and(Drives earlier) {
        List<Drive> all = new ArrayList<>();
        Set<DriveIdentity> here = new HashSet<>();
        for (Drive drive : drives) {
            here.add(drive.identity());
            Optional<Counters> counters =
                    drive.counters().or(() -> earlier.same(drive).flatMap(Drive::counters));
            all.add(counters.map(drive::with).orElse(drive));
        }
        earlier.drives().stream()
                .filter(drive -> !here.contains(drive.identity()))
                .forEach(all::add);
        return new Drives(format, boot, all);
    }
}
