// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.util.Objects;
import java.util.Optional;
import org.quiesced.history.Counters;
import org.quiesced.method.DriveIdentity;

/**
 * A drive as found in a boot.
 *
 * @param path its path below {@code /sys}
 * @param name its device name, for example {@code nvme0}
 * @param driver its driver
 * @param model its model
 * @param serial its serial number, or the name of its logical unit
 * @param counters its counters at the last reading; empty if it has none or has not answered
 */
public record Drive(String path, String name, String driver, String model, String serial, Optional<Counters> counters) {
    /** Rejects values that are absent in JSON. */
    public Drive {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(serial, "serial");
    }

    DriveIdentity identity() {
        return new DriveIdentity(model, serial);
    }

    Drive with(Counters counted) {
        return new Drive(path, name, driver, model, serial, Optional.of(counted));
    }
}
