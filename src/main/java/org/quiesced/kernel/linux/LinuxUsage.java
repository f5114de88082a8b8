// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.linux.Tasks;

/** Use of disks without a claim, from procfs, sysfs and configfs. */
public final class LinuxUsage implements Usage {
    private final String proc;
    private final BlockCounters counters;
    private final LoopDevices loops;
    private final ExportedDisks exports;

    /**
     * Creates the usage of a machine.
     *
     * @param loopUsers returns the user of a loop device
     */
    LinuxUsage(Path sys, Path proc, Path dev, LoopDevices.UserOf loopUsers) {
        this.proc = proc.toString();
        this.counters = new BlockCounters(sys.toString());
        this.loops = new LoopDevices(sys.toString(), dev.toString(), this.proc, loopUsers);
        this.exports = new ExportedDisks(sys.toString());
    }

    @Override
    public Users scan() throws IOException {
        Map<Node, User> users = new HashMap<>();
        HostPaths host = HostPaths.of(proc);
        // Processes are scanned last: they may begin to use a disk during the scan, and a later scan misses fewer.
        loops.scan(host, users);
        exports.scan(host, users);
        new OpenNodes(proc, ProcessHandle.current().pid(), Tasks::shareOpenFiles, users).scan();
        return new FoundUsers(users);
    }

    @Override
    public Traffic traffic(Device disk) throws IOException {
        return counters.read(disk);
    }

    /** The users by the numbers of the nodes. */
    private record FoundUsers(Map<Node, User> users) implements Users {
        FoundUsers {
            users = Map.copyOf(users);
        }

        @Override
        public Optional<User> of(DeviceTree below) {
            for (Device device : below.devices()) {
                Optional<User> user = Node.of(device).map(users::get);
                if (user.isPresent()) {
                    return Optional.of(new User.At(device.name(), user.get()));
                }
            }
            return Optional.empty();
        }
    }
}
