// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.run.Dependents;
import org.quiesced.run.PreparedPlan;

/** A simulated machine for trials, its plan, and facts about the machine that are determined without the planner. */
final class Stage {
    private final Machine machine;
    private final Plan plan;
    private final PreparedPlan prepared;
    private final Map<Device, Set<Device>> dependents;
    private final Map<Device, Device> owners = new HashMap<>();
    private final Map<Device, DeviceTree> below = new HashMap<>();
    private final Map<Device, List<Device>> disks = new HashMap<>();

    /**
     * Creates a stage.
     *
     * @param planned the machine at the time of planning
     * @param actual the machine at the time of the run, which may have more disks
     * @param assumesFree whether the plan assumes that all disks are free
     */
    Stage(Machine planned, Machine actual, Config config, boolean assumesFree) {
        this(planned, actual, config, assumesFree, UnaryOperator.identity());
    }

    /** Creates a stage whose run executes an altered plan, to plant bugs. */
    Stage(Machine planned, Machine actual, Config config, boolean assumesFree, UnaryOperator<Plan> tampering) {
        this.machine = actual;
        Planner planner = assumesFree ? Planner.assumingFree(config) : new Planner(config, claims(planned));
        this.plan = planner.plan(planned.tree());
        this.prepared = new PreparedPlan(tampering.apply(plan));
        this.dependents = Dependents.of(actual.tree());
        Storage storage = new Storage(actual.tree());
        for (Device device : actual.tree().devices()) {
            Device owner = device;
            while (owner.driver().isEmpty() && actual.tree().parent(owner).isPresent()) {
                owner = actual.tree().parent(owner).get();
            }
            owners.put(device, owner.driver().isPresent() ? owner : device);
            if (device.driver().isPresent()) {
                below.put(device, actual.tree().below(device));
                disks.put(device, storage.disksOf(device));
            }
        }
    }

    /** Returns claims of which some fail, because the disk cannot be opened. */
    private static BlockClaims claims(Machine machine) {
        BlockClaims claims = new SimulatedKernel(machine).claims();
        return new BlockClaims() {
            @Override
            public Claim claim(Device disk) throws IOException {
                if (disk.path().hashCode() % 7 == 0) {
                    throw new IOException(disk.name() + ": Input/output error");
                }
                return claims.claim(disk);
            }

            @Override
            public VisibleUsers visibleUsers() {
                return claims.visibleUsers();
            }
        };
    }

    Machine machine() {
        return machine;
    }

    PreparedPlan prepared() {
        return prepared;
    }

    Plan plan() {
        return plan;
    }

    /** Returns the nearest device with a driver, beginning with the device itself: for a disk, its controller. */
    Device ownerOf(Device device) {
        return owners.getOrDefault(device, device);
    }

    DeviceTree below(Device device) {
        return below.computeIfAbsent(device, machine.tree()::below);
    }

    /** Replaces the rule of the daemon: about a third of the devices with disks were not observed to be released. */
    Optional<Reason> earlyObstacle(ShutdownMethod method, Target target) {
        return !target.disks().isEmpty() && target.device().path().hashCode() % 3 == 0
                ? Optional.of(new Reason.NotReleased(target.device().name()))
                : Optional.empty();
    }

    /** Returns the disks that disappear with a device. */
    List<Device> disksOf(Device device) {
        return disks.getOrDefault(device, List.of());
    }

    Optional<Device> firstDiskOf(Device device) {
        return device.isA("block")
                ? Optional.of(new Storage(machine.tree()).headOf(device).orElse(device))
                : disksOf(ownerOf(device)).stream().findFirst();
    }

    /** Returns all devices that depend on a device, directly or not. */
    Set<Device> dependentsOf(Device device) {
        return dependents.get(device);
    }
}
