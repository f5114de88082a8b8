// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.NvmeCommands.Health;
import org.quiesced.kernel.NvmeCommands.Identity;
import org.quiesced.method.NvmeLimits;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;

/**
 * What NVMe drives say of themselves when they are asked.
 *
 * @param attributes what to add to a controller's attributes, by its path
 * @param latencies how long a device says that its shutdown takes, or how long its driver waits if that is less, by its
 *       path
 */
record DriveFacts(Map<String, Map<String, String>> attributes, Map<String, Duration> latencies) {
    /** Nothing. */
    static final DriveFacts NONE = new DriveFacts(Map.of(), Map.of());

    /** Asks the drives that a plan handles, be they in use now; one that does not answer is passed over. */
    static DriveFacts ask(Plan plan, Kernel kernel) {
        NvmeCommands nvme = kernel.nvme();
        NvmeLimits limits = NvmeLimits.of(kernel.drivers());
        DriveFacts facts = new DriveFacts(new HashMap<>(), new HashMap<>());
        for (Device device : plan.driven()) {
            if (plan.of(device) instanceof Handled handled) {
                handled.target()
                        .classDevice()
                        .filter(classDevice -> classDevice.isA("nvme"))
                        .ifPresent(controller -> facts.ask(device, controller, nvme, limits));
            }
        }
        return facts;
    }

    private void ask(Device device, Device controller, NvmeCommands nvme, NvmeLimits limits) {
        try {
            Identity identity = nvme.identify(controller);
            Health health = nvme.health(controller);
            attributes.put(
                    controller.path(),
                    Map.of(
                            "volatile_write_cache", identity.volatileWriteCache() ? "1" : "0",
                            "power_cycles", health.powerCycles().toString(),
                            "unsafe_shutdowns", health.unsafeShutdowns().toString()));
            identity.shutdownTime().ifPresent(time -> latencies.put(device.path(), limits.expected(time)));
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
