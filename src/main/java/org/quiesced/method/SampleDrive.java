// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;

/**
 * A sample of a drive in sysfs. Immutable.
 *
 * @param devices the device with the driver, then the devices below it; each device after its parent
 * @param nodes the names below {@code /dev} of the nodes that receive commands, besides those of the disks
 * @param links the targets of additional symbolic links, by their paths
 */
public record SampleDrive(List<Device> devices, List<String> nodes, Map<String, String> links) {
    /** Copies the lists and the map. */
    public SampleDrive {
        devices = List.copyOf(devices);
        nodes = List.copyOf(nodes);
        links = Map.copyOf(links);
    }

    /** Creates a drive without additional links. */
    public SampleDrive(List<Device> devices, List<String> nodes) {
        this(devices, nodes, Map.of());
    }

    /** Creates a device that has a driver. */
    public static Device bound(String path, String bus, String driver) {
        return new Device(path, bus, true, Optional.of(driver), Map.of());
    }

    /** Creates a device of a class. */
    public static Device ofClass(String path, String subsystem, Map<String, String> attributes) {
        return new Device(path, subsystem, false, Optional.empty(), attributes);
    }
}
