// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.invariants.Complaint;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.run.Event;

/** The calls and events that a trial recorded, by device, and the rules that it was found to break. */
final class RecordedRun {
    /** The faults that leave a device without a driver from the beginning. */
    private static final Set<Fault> DRIVERLESS = EnumSet.of(Fault.VANISHES, Fault.BEING_UNBOUND, Fault.BOUND_AGAIN);

    final Trial trial;
    final Stage stage;
    final FaultyKernel kernel;
    private final List<String> complaints = new ArrayList<>();
    private final Map<Device, List<Call>> byTask = new HashMap<>();
    private final Set<Integer> restoring = new HashSet<>();
    private final Map<Device, Integer> givenUp = new HashMap<>();
    private final Map<Device, Event> last = new HashMap<>();

    RecordedRun(Trial trial) {
        this.trial = trial;
        this.stage = trial.stage();
        this.kernel = trial.kernel();
        for (Trial.Told told : trial.told()) {
            if (told.event().isLast()) {
                last.put(told.event().device(), told.event());
            }
            if (told.event() instanceof Event.LeftToKernel) {
                givenUp.put(told.event().device(), told.place());
            }
        }
        for (Call call : kernel.calls()) {
            if (call.site == Site.BIND || call.site == Site.ANNOUNCE) {
                restoring.add(call.strand);
            }
            if (call.task != null) {
                byTask.computeIfAbsent(call.task, key -> new ArrayList<>()).add(call);
            }
        }
    }

    /** Adds a rule that the run breaks. */
    void complain(String rule, Object... of) {
        complaints.add(Complaint.text(rule, of));
    }

    /** Returns the rules that the run was found to break, in a list that may be added to. */
    List<String> complaints() {
        return complaints;
    }

    /** Returns the calls of each device's tasks. */
    Map<Device, List<Call>> tasks() {
        return byTask;
    }

    /** Returns the calls of a device's tasks. */
    List<Call> callsOf(Device device) {
        return byTask.getOrDefault(device, List.of());
    }

    /** Returns whether the worker that made a call restores a device. */
    boolean isRestoring(Call call) {
        return restoring.contains(call.strand);
    }

    /** Returns the last event of each device. */
    Map<Device, Event> lastEvents() {
        return last;
    }

    /** Returns the last event of a device; null if it has none. */
    Event lastEventOf(Device device) {
        return last.get(device);
    }

    /** Returns the position at which a device was left to the kernel; {@link Integer#MAX_VALUE} if it was not. */
    int givenUpAt(Device device) {
        return givenUp.getOrDefault(device, Integer.MAX_VALUE);
    }

    /** Returns whether a path has its driver at a time and is not offline. */
    boolean isBoundAt(Device path, long time) {
        return !DRIVERLESS.contains(stage.machine().faults().getOrDefault(path.path(), Fault.HANGS))
                && !kernel.disks().hasVanished(path)
                && !path.attribute("state").orElse("").endsWith("offline")
                && kernel.simulated().log().operations().stream()
                        .noneMatch(operation -> operation.kind() == OperationLog.Kind.UNBIND
                                && operation.device().equals(path)
                                && operation.to() <= time);
    }

    /** Returns whether a device had its driver at a position, according to the recorded calls. */
    boolean isBound(Device device, int place) {
        if (DRIVERLESS.contains(stage.machine().faults().getOrDefault(device.path(), Fault.HANGS))
                || kernel.disks().hasVanished(device)) {
            return false;
        }
        boolean bound = true;
        for (Call call : callsOf(device)) {
            if (call.succeeded && call.ended < place) {
                bound = call.site == Site.BIND
                        || call.site == Site.ANNOUNCE
                        || bound && call.site != Site.UNBIND && call.site != Site.STOP_HOLDER;
            }
        }
        return bound;
    }

    /** Returns whether a call of a site among some calls succeeded. */
    static boolean did(List<Call> calls, Site site) {
        return calls.stream().anyMatch(call -> call.site == site && call.succeeded);
    }
}
