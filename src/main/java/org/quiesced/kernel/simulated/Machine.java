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
 * A machine as data.
 *
 * @param name what to call it
 * @param kernelRelease the release of its kernel
 * @param tree its devices
 * @param uses who uses a disk or one of its partitions, and when it lets go, by the path of that
 * @param openers who has a device node open without a claim, in words, by the path of the device of the node
 * @param latencies how long a device takes to shut down, by path; for a SCSI disk, to stop; a device that is not listed
 *     takes no time
 * @param faults what is wrong with a device, by path
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

    /** Copies the maps that it is given. */
    public Machine {
        uses = Map.copyOf(uses);
        openers = Map.copyOf(openers);
        latencies = Map.copyOf(latencies);
        faults = Map.copyOf(faults);
        parameters = Map.copyOf(parameters);
    }

    /** Returns the same machine with a kernel that walks so. */
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
