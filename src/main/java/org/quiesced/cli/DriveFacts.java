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
 * What drives say of themselves when they are asked.
 *
 * @param attributes what to add to a class device's attributes, by its path
 * @param latencies how long a device says that its shutdown takes, or how long its driver waits if that is less, by its
 *       path
 */
record DriveFacts(Map<String, Map<String, String>> attributes, Map<String, Duration> latencies) {
    /** Nothing. */
    static final DriveFacts NONE = new DriveFacts(Map.of(), Map.of());

    /** Asks the drives that a plan handles, be they in use now; one that does not answer is passed over. */
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

    /** Returns a device with what is known of it. */
    Device addTo(Device device) {
        Map<String, String> all = new HashMap<>(device.attributes());
        all.putAll(attributes.getOrDefault(device.path(), Map.of()));
        return new Device(device.path(), device.subsystem(), device.onBus(), device.driver(), all);
    }
}
