// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.List;
import java.util.Optional;
import org.quiesced.config.Settings;
import org.quiesced.config.Settings.Flush;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;

/**
 * A device to be shut down, with the data that its method needs.
 *
 * @param device the device, which has a driver
 * @param disks the whole disks that were below it when it was planned, for messages; under native NVMe multipath, the
 *     head disks. A method acts on the disks that are below the device when it is shut down
 * @param partitions the partitions of these disks that can hold data, as of the same time
 * @param classDevice the class device that controls it: {@code nvmeN}, or the {@code scsi_disk}
 * @param settings its settings in the configuration
 * @param stoppingPath the device that stops its disk, if that is another path to the disk
 */
public record Target(
        Device device,
        List<Device> disks,
        List<Device> partitions,
        Optional<Device> classDevice,
        Settings settings,
        Optional<Device> stoppingPath) {
    /** Copies the lists. */
    public Target {
        disks = List.copyOf(disks);
        partitions = List.copyOf(partitions);
    }

    /** Creates the target of a device with its disks in the tree, which the device itself stops. */
    public static Target of(Device device, Storage storage, Optional<Device> classDevice, Settings settings) {
        List<Device> disks = storage.disksOf(device);
        return new Target(device, disks, partitionsOf(disks, storage), classDevice, settings, Optional.empty());
    }

    /** Returns a copy with the device that stops its disk; empty for the device itself. */
    public Target stoppedBy(Optional<Device> path) {
        return new Target(device, disks, partitions, classDevice, settings, path);
    }

    private static List<Device> partitionsOf(List<Device> disks, Storage storage) {
        return disks.stream()
                .flatMap(disk -> storage.partitionsOf(disk).stream())
                .toList();
    }

    /** Returns a copy with the present disks and partitions of its device. */
    Target present(Storage storage) {
        return of(device, storage, classDevice, settings).stoppedBy(stoppingPath);
    }

    /** Returns a copy with the present class device. */
    Target controlledBy(Device present) {
        return new Target(device, disks, partitions, Optional.of(present), settings, stoppingPath);
    }

    /** Returns the partitions that are on a disk. */
    public List<Device> partitionsOf(Device disk) {
        return partitions.stream()
                .filter(partition -> partition.path().startsWith(disk.path() + "/"))
                .toList();
    }

    /** Returns whether to flush its cache. */
    Flush flush() {
        Flush said = settings.flush().orElse(Flush.AUTO);
        return said == Flush.AUTO && settings.asksToUnbind() ? Flush.NEVER : said;
    }

    /** Returns the name of the driver. */
    String driver() {
        return device.driver().orElseThrow();
    }
}
