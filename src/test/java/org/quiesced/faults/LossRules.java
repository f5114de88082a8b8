// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.OperationLog;

/** The rules of a trial that concern flushes and the stops of disks. */
final class LossRules {
    private final RecordedRun run;

    LossRules(RecordedRun run) {
        this.run = run;
    }

    void nothingIsLost(Device device, List<Call> calls) {
        Map<Device, Boolean> flushed = new HashMap<>();
        Set<Device> cached = new HashSet<>();
        int unbindings = 0;
        int stops = 0;
        for (Call call : calls) {
            if (call.site == Site.FLUSH || call.site == Site.SYNC) {
                flushed.put(call.device, call.succeeded);
            } else if (call.site == Site.CLAIM && call.succeeded && call.device.isA("block")) {
                cached.add(call.device);
            } else if (call.site == Site.WRITE_BACK && call.succeeded) {
                cached.remove(call.device);
            } else if (call.site == Site.UNBIND) {
                unbindings++;
                if (!cached.isEmpty()) {
                    run.complain("the page cache of a claimed disk is written before its driver is unbound", cached);
                }
                if (flushed.containsValue(false)) {
                    run.complain("a drive whose flush fails keeps its driver", call, flushed);
                }
            } else if (call.site == Site.STOP && call.succeeded) {
                stops++;
                if (!isAskedFor(call, calls) && !wantsStopAtRestart(device)) {
                    run.complain("no disk is stopped at reboot and kexec", call);
                }
            }
        }
        if (unbindings > 1 || stops > 1) {
            run.complain("one unbinding and one stop, never two", device, unbindings, stops);
        }
    }

    /**
     * Checks that no driver stops its disk when it is removed, which it does if an attribute says so. A disk whose
     * attributes could not be read is exempt, because they could not be cleared.
     */
    void noDriverStopsItsDisk() {
        for (OperationLog.Operation operation : run.kernel.simulated().log().operations()) {
            if (operation.kind() == OperationLog.Kind.DRIVER_STOP && !couldNotBeRead(operation.device())) {
                run.complain("no driver stops its disk as it leaves", operation);
            }
        }
    }

    private boolean couldNotBeRead(Device device) {
        return run.kernel.calls().stream()
                .anyMatch(call -> call.site == Site.READ
                        && !call.succeeded
                        && run.stage.ownerOf(call.device).equals(device));
    }

    /**
     * Returns whether the verb requires a stop. A worker reads the verb when the driver is gone; a separate stop was
     * started for its verb. The coordinator may not have taken the last verb until it reports its next event, so the
     * verb at its preceding event counts too.
     */
    private boolean isAskedFor(Call stop, List<Call> calls) {
        int asked = calls.stream()
                .filter(call -> call.strand == stop.strand && call.site == Site.UNBIND && call.begun < stop.begun)
                .mapToInt(call -> call.ended)
                .max()
                .orElseGet(() -> startOf(stop, calls));
        return run.trial.stopsDisksAt(asked) || run.trial.stopsDisksAt(lastTold(asked));
    }

    /** Returns the position at which the worker that made a call began. */
    private static int startOf(Call call, List<Call> task) {
        return task.stream()
                .filter(other -> other.strand == call.strand)
                .mapToInt(other -> other.begun)
                .min()
                .orElseThrow();
    }

    /** Returns the position of the last event before a position. */
    private int lastTold(int place) {
        return run.trial.told().stream()
                .mapToInt(Trial.Told::place)
                .filter(told -> told < place)
                .max()
                .orElse(0);
    }

    private boolean wantsStopAtRestart(Device device) {
        return run.stage.below(device).devices().stream()
                .anyMatch(below -> below.attribute("manage_restart").equals(Optional.of("1")));
    }
}
