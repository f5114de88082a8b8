// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;

/** The supported types of drives and a made-up one, with two drives each, for tests of all types. */
abstract class EachDriveTypeTest {
    static final DriveTypes TYPES = MadeUpDrive.TYPES;
    static final Config ALL = Configs.config(Mode.ON, required(), Map.of());

    /** Two drives of each type. */
    final List<Device> devices = new ArrayList<>();

    final Map<String, Duration> latencies = new LinkedHashMap<>();

    static List<DriveType> types() {
        return TYPES.all();
    }

    /** Returns the types whose drives have a driver of the kernel, and therefore disks. */
    static List<DriveType> typesWithDisks() {
        return TYPES.all().stream().filter(type -> type.required().isEmpty()).toList();
    }

    /** Returns the types whose drives are left alone unless the configuration selects a method. */
    static List<DriveType> typesToBeAskedFor() {
        return TYPES.all().stream().filter(type -> type.required().isPresent()).toList();
    }

    static Map<String, Settings> required() {
        return typesToBeAskedFor().stream()
                .collect(Collectors.toMap(
                        type -> type.binding().driver(),
                        type -> Configs.settings(type.required().orElseThrow())));
    }

    static String methodLine(DriveType type) {
        return type.required()
                .map(method -> "method = \"" + word(method) + "\"\n")
                .orElse("");
    }

    static String word(Settings.Method method) {
        return method.name().toLowerCase().replace('_', '-');
    }

    Machine twoOf(DriveType type) {
        for (int i = 1; i <= 2; i++) {
            SampleDrive sample = type.sample(i);
            devices.addAll(sample.devices());
            latencies.put(sample.devices().get(0).path(), Duration.ofSeconds(i));
        }
        return new Machine(
                "two", "", DeviceTree.of(devices, List.of()), Map.of(), Map.of(), latencies, Map.of(), Map.of());
    }

    static Plan plan(Machine machine, Config config) {
        return Planner.assumingFree(config).withTypes(TYPES).plan(machine.tree());
    }
}
