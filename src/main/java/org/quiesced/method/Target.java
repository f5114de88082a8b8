// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.List;
import java.util.Optional;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;

/**
 * A device that is to be shut down, and all that its method needs to know of it.
 *
 * @param device the device, which has a driver
 * @param disks the whole disks that were below it when it was planned, for sentences; under native NVMe multipath, the
 *     head disks. What is done is done to the disks that are below it by then
 * @param classDevice the device of a class by which it is controlled: {@code nvmeN}, or the {@code scsi_disk}
 * @param settings what the configuration says of it
 */
public record Target(Device device, List<Device> disks, Optional<Device> classDevice, Settings settings) {
    /** Copies the list. */
    public Target {
        disks = List.copyOf(disks);
    }

    /** Returns the disks' names, for a sentence. */
    String diskNames() {
        return disks.isEmpty()
                ? "no disks"
                : String.join(", ", disks.stream().map(Device::name).toList());
    }

    /** Returns the driver's name. */
    String driver() {
        return device.driver().orElseThrow();
    }
}
