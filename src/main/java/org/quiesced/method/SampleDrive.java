// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;

/**
 * A drive as sysfs shows it. Immutable.
 *
 * @param devices the device with the driver, then what is below it; each device after its parent
 * @param nodes the names below {@code /dev} of the nodes that commands are sent to, besides those of the disks
 */
public record SampleDrive(List<Device> devices, List<String> nodes, Map<String, String> links) {
    /** Copies the lists and the map. */
    public SampleDrive {
        devices = List.copyOf(devices);
        nodes = List.copyOf(nodes);
        links = Map.copyOf(links);
    }

    /** Makes a drive without such links. */
    public SampleDrive(List<Device> devices, List<String> nodes) {
        this(devices, nodes, Map.of());
    }

    /** Makes a device that has a driver. */
    public static Device bound(String path, String bus, String driver) {
        return new Device(path, bus, true, Optional.of(driver), Map.of());
    }

    /** Makes a device of a class. */
    public static Device ofClass(String path, String subsystem, Map<String, String> attributes) {
        return new Device(path, subsystem, false, Optional.empty(), attributes);
    }
}
