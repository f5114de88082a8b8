// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.method.DriveIdentity;
import org.quiesced.method.DriveTypes;

/**
 * The expected shutdown times of drives, from earlier shutdowns. Implausible values are ignored.
 *
 * @param drives seconds by drive
 * @param models seconds by model, for drives that are not listed
 */
public record ExpectedTimes(Map<DriveIdentity, Double> drives, Map<String, Double> models) {
    /** No times. */
    public static final ExpectedTimes NONE = new ExpectedTimes(Map.of(), Map.of());

    /** Maximum plausible time, in seconds; no drive is waited for longer. */
    private static final double LONGEST = 600;

    /** Copies the maps. */
    public ExpectedTimes {
        drives = Map.copyOf(drives);
        models = Map.copyOf(models);
    }

    /**
     * Returns the expected times of the drives of a tree.
     *
     * @param attributes the present system's attributes, for the serial numbers; not read if no times are known
     */
    public Map<Device, Duration> of(DeviceTree tree, DriveTypes types, Attributes attributes) {
        if (drives.isEmpty() && models.isEmpty()) {
            return Map.of();
        }
        Storage storage = new Storage(tree);
        Map<Device, Duration> times = new HashMap<>();
        for (Device device : tree.devices()) {
            types.identity(device, storage, attributes).flatMap(this::of).ifPresent(time -> times.put(device, time));
        }
        return times;
    }

    private Optional<Duration> of(DriveIdentity identity) {
        return Optional.ofNullable(drives.get(identity))
                .or(() -> Optional.ofNullable(models.get(identity.model())))
                .filter(seconds -> seconds >= 0 && seconds <= LONGEST)
                .map(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)));
    }
}
