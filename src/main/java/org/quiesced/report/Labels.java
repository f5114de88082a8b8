// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Plan;

/** Device names for administrators: the sysfs name, and the name of the controller or disk. */
public final class Labels {
    private final DriveTypes types;
    private final Storage storage;

    /** Creates the names for the devices of a plan. */
    public Labels(Plan plan) {
        this.types = plan.types();
        this.storage = new Storage(plan.tree());
    }

    /** Returns for example {@code 0000:01:00.0 (nvme0)} or {@code 2:0:0:0 (sda)}. */
    public String of(Device device) {
        return alias(device).map(alias -> device.name() + " (" + alias + ")").orElse(device.name());
    }

    /** Returns the shortest name familiar to administrators, for example {@code nvme0} or {@code sda}. */
    public String brief(Device device) {
        return alias(device).orElse(device.name());
    }

    private Optional<String> alias(Device device) {
        return types.alias(device, storage);
    }
}
