// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.WalkMode;

/**
 * The description of a simulated machine.
 *
 * @param name its name
 * @param kernelRelease the release of its kernel
 * @param tree its devices
 * @param uses the exclusive users of disks and partitions, with their releases, by the path of the disk or partition
 * @param openers descriptions of the openers of device nodes without a claim, by the path of the node's device
 * @param latencies the shutdown time of each device, by path; for a SCSI disk the time to stop; zero if absent
 * @param faults the fault of each device, by path
 * @param parameters the parameters of its kernel's modules, as {@code MODULE.NAME}
 */
public record Machine(
        String name,
        String kernelRelease,
        DeviceTree tree,
        Map<String, DiskUser> uses,
        Map<String, String> openers,
        Map<String, Duration> latencies,
        Map<String, Fault> faults,
        Map<String, String> parameters)
        implements Latencies {

    /** Copies the maps. */
    public Machine {
        uses = Map.copyOf(uses);
        openers = Map.copyOf(openers);
        latencies = Map.copyOf(latencies);
        faults = Map.copyOf(faults);
        parameters = Map.copyOf(parameters);
    }

    /** Returns a copy whose kernel has another walk mode. */
    public Machine withWalk(WalkMode walk) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put(WalkMode.PARAMETER, walk.value());
        return new Machine(name, kernelRelease, tree, uses, openers, latencies, faults, all);
    }

    @Override
    public Optional<Duration> of(Device device) {
        return Optional.ofNullable(latencies.get(device.path()));
    }
}
