// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.List;
import java.util.Set;

/**
 * Decides whether an open disk belongs to a daemon of the system that only reads disks, and so is not a user of it. An
 * open file does if all of these conditions hold:
 *
 * <ul>
 *   <li>It is open for reading only ({@code flags} of {@code /proc/PID/fdinfo/FD}).
 *   <li>All user IDs of the process are 0.
 *   <li>The process is in the control group of the daemon's service, directly below {@code system.slice}. A process can
 *       choose its name but not its control group.
 *   <li>The process has the daemon's name. In udev's service any name is accepted: its workers run the programs of
 *       udev's rules for a short time, and kill those that take longer.
 * </ul>
 *
 * <p>The daemons, and why each opens disks:
 *
 * <ul>
 *   <li>{@code systemd-udevd}: probes each disk that has appeared, or was closed after writing.
 *   <li>{@code multipathd}: keeps each path of a known multipath device open to check it.
 *   <li>{@code dmeventd}: extends volumes by LVM's library, which scans all disks for labels.
 *   <li>{@code smartd}: queries the health of all disks every half hour.
 *   <li>{@code udisksd}: queries the health of all disks every ten minutes.
 *   <li>{@code lvm}: scans all disks for labels when LVM's own services stop, which is in the early phase. It opens for
 *       writing the disks that it writes to.
 * </ul>
 *
 * <p>Other daemons of the system are not included: {@code mdmon} writes the metadata of arrays; {@code fwupd} writes
 * firmware, by commands that need no permission to write; {@code stratisd} and {@code lvmdbusd} write metadata;
 * {@code iscsid} and {@code zed} do not open disks.
 */
final class SystemReaders {
    /** {@code O_ACCMODE} of {@code asm-generic/fcntl.h}; {@code O_RDONLY} is 0. */
    private static final int O_ACCMODE = 03;

    private static final String UDEV = "systemd-udevd.service";

    private record Daemon(String command, Set<String> services) {}

    private static final List<Daemon> DAEMONS = List.of(
            new Daemon("multipathd", Set.of("multipathd.service")),
            new Daemon("dmeventd", Set.of("dm-event.service")),
            // Debian's service has the name of the package.
            new Daemon("smartd", Set.of("smartd.service", "smartmontools.service")),
            new Daemon("udisksd", Set.of("udisks2.service")),
            new Daemon("lvm", Set.of("lvm2-monitor.service", "blk-availability.service")));

    private SystemReaders() {}

    /**
     * Returns whether an open file does not make its process a user of the disk.
     *
     * @param flags the flags with which the file was opened
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
