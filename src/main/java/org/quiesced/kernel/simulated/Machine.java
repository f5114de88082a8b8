// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Latencies;

/**
 * A machine as data.
 *
 * @param name what to call it
 * @param kernelRelease the release of its kernel
 * @param tree its devices
 * @param uses who uses a disk, and when it lets go, by the disk's path
 * @param openers who has a device node open without a claim, in words, by the path of the device of the node
 * @param latencies how long a device takes to shut down, by path; for a SCSI disk, to stop; a device that is not listed takes no time
 * @param faults what is wrong with a device, by path
 */
public record Machine(
        String name,
        String kernelRelease,
        DeviceTree tree,
        Map<String, DiskUser> uses,
        Map<String, String> openers,
        Map<String, Duration> latencies,
        Map<String, Fault> faults)
        implements Latencies {

    /** Copies the maps that it is given. */
    public Machine {
        uses = Map.copyOf(uses);
        openers = Map.copyOf(openers);
        latencies = Map.copyOf(latencies);
        faults = Map.copyOf(faults);
    }

    @Override
    public Optional<Duration> of(Device device) {
        return Optional.ofNullable(latencies.get(device.path()));
    }
}
