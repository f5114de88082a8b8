// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Map;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;

/** Creates copies of machines that differ in one part. */
public final class Copies {
    private Copies() {}

    /** Returns a copy with other devices. */
    public static Machine withTree(Machine machine, DeviceTree tree) {
        return new Machine(
                machine.name(),
                machine.kernelRelease(),
                tree,
                machine.uses(),
                machine.openers(),
                machine.latencies(),
                machine.faults(),
                machine.parameters());
    }

    /** Returns a copy with other users of its disks. */
    public static Machine withUses(Machine machine, Map<String, DiskUser> uses) {
        return new Machine(
                machine.name(),
                machine.kernelRelease(),
                machine.tree(),
                uses,
                machine.openers(),
                machine.latencies(),
                machine.faults(),
                machine.parameters());
    }

    /** Returns a copy with other faults. */
    public static Machine withFaults(Machine machine, Map<String, Fault> faults) {
        return new Machine(
                machine.name(),
                machine.kernelRelease(),
                machine.tree(),
                machine.uses(),
                machine.openers(),
                machine.latencies(),
                faults,
                machine.parameters());
    }
}
