// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.DriveQuery;
import org.quiesced.plan.AskableDrive;
import org.quiesced.plan.Plan;

/**
 * Data that drives report when queried.
 *
 * @param attributes additional attributes of class devices, by sysfs path
 * @param latencies the shutdown time of each device, at most its driver's time limit, by sysfs path
 */
record DriveFacts(Map<String, Map<String, String>> attributes, Map<String, Duration> latencies) {
    /** No data. */
    static final DriveFacts NONE = new DriveFacts(Map.of(), Map.of());

    /** Queries the drives that a plan shuts down, including those in use; drives that do not answer are omitted. */
    static DriveFacts ask(Plan plan, Kernel kernel) {
        DriveFacts facts = new DriveFacts(new HashMap<>(), new HashMap<>());
        AskableDrive.of(plan).forEach(drive -> facts.ask(drive, kernel));
        return facts;
    }

    private void ask(AskableDrive drive, Kernel kernel) {
        try {
            DriveQuery.Description answer = drive.query().describe(drive.classDevice(), kernel);
            attributes.put(drive.classDevice().path(), answer.attributes());
            answer.shutdownTime().ifPresent(time -> latencies.put(drive.device().path(), time));
        } catch (IOException e) {
            return;
        }
    }

    /** Returns a device with its additional attributes. */
    Device addTo(Device device) {
        Map<String, String> all = new HashMap<>(device.attributes());
        all.putAll(attributes.getOrDefault(device.path(), Map.of()));
        return new Device(device.path(), device.subsystem(), device.onBus(), device.driver(), all);
    }
}
