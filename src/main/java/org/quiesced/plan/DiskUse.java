// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.VisibleUsers;

/**
 * The reason why a disk must not be touched at present.
 *
 * @param reason the reason: {@link Reason.InUse} or {@link Reason.Unknowable}
 * @param user the user and its release; an invisible user counts as one that never releases the disk
 * @param unused the names of the partitions that have no visible user at present, if the disk as a whole has none
 * @param soonerWith the kinds of holders that the key {@code release} would have to name for the disk to be released
 *     sooner; empty if that would not help
 */
public record DiskUse(Reason reason, DiskUser user, List<String> unused, Set<HolderKind> soonerWith) {
    /** Copies the collections. */
    public DiskUse {
        unused = List.copyOf(unused);
        soonerWith = Set.copyOf(soonerWith);
    }

    private DiskUse(Reason reason, DiskUser user, List<String> unused) {
        this(reason, user, unused, Set.of());
    }

    /**
     * Returns why a disk must not be touched; empty if it is free. A disk with a visible user is not opened. Any other
     * disk is claimed, because only a claim proves that it is free, and immediately released.
     *
     * @param partitions the partitions of the disk
     * @param users the visible users, as returned by {@code claims}
     */
    public static Optional<DiskUse> of(Device disk, List<Device> partitions, BlockClaims claims, VisibleUsers users) {
        Optional<DiskUse> visible = visible(disk, partitions, users);
        if (visible.isPresent()) {
            return visible;
        }
        try {
            claims.claim(disk).close();
            return Optional.empty();
        } catch (DeviceInUseException e) {
            return Optional.of(new DiskUse(
                    new Reason.InUse(e.disk(), e.user()), new DiskUser(e.user(), Release.NEVER), List.of()));
        } catch (IOException e) {
            Reason reason = new Reason.Unknowable(String.valueOf(e.getMessage()));
            return Optional.of(new DiskUse(reason, new DiskUser(reason.describe(), Release.NEVER), List.of()));
        }
    }

    /**
     * Returns the use of a disk by its visible user; empty if it has none. Opens no disk, so an empty result does not
     * prove that the disk is free.
     *
     * @param partitions the partitions of the disk
     */
    static Optional<DiskUse> visible(Device disk, List<Device> partitions, VisibleUsers users) {
        return users.of(disk)
                .map(user ->
                        new DiskUse(new Reason.InUse(disk.name(), user.user()), user, unused(disk, partitions, users)));
    }

    /**
     * Returns a copy that takes into account that unused holders of the given kinds are stopped. If holders of other
     * kinds are obstacles too, the reason names all kinds that would have to be stopped.
     */
    DiskUse with(Set<HolderKind> stopped) {
        DiskUser effective = user.with(stopped);
        Set<HolderKind> sooner = user.stack()
                .filter(holders -> holders.release().compareTo(effective.release()) < 0)
                .map(holders -> HolderKind.union(holders.kinds(), stopped))
                .orElse(Set.of());
        Reason why = reason instanceof Reason.InUse inUse ? inUse.with(sooner) : reason;
        return new DiskUse(why, effective, unused, sooner);
    }

    /**
     * Returns the partitions without a visible user; none if there is at most one partition, because the user of the
     * disk then uses all of it.
     */
    private static List<String> unused(Device disk, List<Device> partitions, VisibleUsers users) {
        return partitions.size() < 2
                ? List.of()
                : EarlyRule.withoutUser(
                                disk, partitions, part -> users.ownOf(part).isPresent())
                        .map(Device::name)
                        .toList();
    }
}
