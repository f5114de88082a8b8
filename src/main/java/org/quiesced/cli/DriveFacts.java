// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.DriveQuery;
import org.quiesced.method.DriveType;
import org.quiesced.plan.Disposition.Handled;
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
        for (Device device : plan.driven()) {
            if (plan.of(device) instanceof Handled handled) {
                plan.types()
                        .of(device)
                        .flatMap(DriveType::query)
                        .ifPresent(query -> handled.target()
                                .classDevice()
                                .ifPresent(classDevice -> facts.ask(device, classDevice, query, kernel)));
            }
        }
        return facts;
    }

    private void ask(Device device, Device classDevice, DriveQuery query, Kernel kernel) {
        try {
            DriveQuery.Description answer = query.describe(classDevice, kernel);
            attributes.put(classDevice.path(), answer.attributes());
            answer.shutdownTime().ifPresent(time -> latencies.put(device.path(), time));
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
