// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.List;
import java.util.Set;

/**
 * The rule of who may have a disk open without being a user of it: the system's own daemons that only look at disks. An
 * open file is theirs if all of this holds:
 *
 * <ul>
 *   <li>It is open for reading only ({@code flags} of {@code /proc/PID/fdinfo/FD}).
 *   <li>The process belongs to root, by all of its user identifiers.
 *   <li>The process is in the control group of the daemon's service, directly below {@code system.slice}. A process can
 *       choose its name but not its control group.
 *   <li>The process has the daemon's name. In udev's service every name counts: its workers run the programs that
 *       udev's rules name, for a moment each, and kill what takes longer.
 * </ul>
 *
 * <p>These are the daemons, and why each has disks open:
 *
 * <ul>
 *   <li>{@code systemd-udevd}: looks at each disk that has appeared, or was closed by somebody who could write.
 *   <li>{@code multipathd}: keeps each path of a multipath device open as long as it knows it, to check it.
 *   <li>{@code dmeventd}: LVM's library, which it uses to extend volumes, scans all disks for labels.
 *   <li>{@code smartd}: asks all disks for their health, every half hour.
 *   <li>{@code udisksd}: asks all disks for their health, every ten minutes.
 *   <li>{@code lvm}, run by LVM's own services when they stop, which is when the early phase comes: scans all disks for
 *       labels. It opens for writing what it writes to.
 * </ul>
 *
 * <p>Not among them, though they belong to the system too: {@code mdmon} writes the metadata of arrays; {@code fwupd}
 * writes firmware, by commands that need no right to write; {@code stratisd} and {@code lvmdbusd} write metadata;
 * {@code iscsid} and {@code zed} have no disks open.
 */
final class SystemReaders {
    /** {@code O_ACCMODE} of {@code asm-generic/fcntl.h}; {@code O_RDONLY} is 0. */
    private static final int O_ACCMODE = 03;

    private static final String UDEV = "systemd-udevd.service";

    private record Daemon(String command, Set<String> services) {}

    private static final List<Daemon> DAEMONS = List.of(
            new Daemon("multipathd", Set.of("multipathd.service")),
            new Daemon("dmeventd", Set.of("dm-event.service")),
            // Debian names its service after the package.
            new Daemon("smartd", Set.of("smartd.service", "smartmontools.service")),
            new Daemon("udisksd", Set.of("udisks2.service")),
            new Daemon("lvm", Set.of("lvm2-monitor.service", "blk-availability.service")));

    private SystemReaders() {}

    /**
     * Returns whether an open file makes its process no user of the disk.
     *
     * @param flags the flags that the file was opened with
     */
    static boolean owns(Task process, int flags) {
        if ((flags & O_ACCMODE) != 0) {
            return false;
        }
        ControlGroup group = process.group();
        if (!group.isOfService(UDEV) && !isOfDaemon(process, group)) {
            return false;
        }
        return process.isOfRoot();
    }

    private static boolean isOfDaemon(Task process, ControlGroup group) {
        String command = process.command().orElse("");
        return DAEMONS.stream()
                .anyMatch(daemon -> daemon.command().equals(command)
                        && daemon.services().stream().anyMatch(group::isOfService));
    }
}
