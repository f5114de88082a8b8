// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quiesced.device.Device;

/** The rules of a trial that concern the order in which devices go down and come back. */
final class OrderRules {
    private final RecordedRun run;

    OrderRules(RecordedRun run) {
        this.run = run;
    }

    void noOrderIsBroken(Device device, List<Call> calls) {
        Map<Integer, List<Call>> attempts = new LinkedHashMap<>();
        calls.stream()
                .filter(call -> !run.isRestoring(call))
                .forEach(call -> attempts.computeIfAbsent(call.strand, key -> new ArrayList<>())
                        .add(call));
        for (Device dependent : run.stage.dependentsOf(device)) {
            if (isNode(dependent)) {
                attempts.values().forEach(attempt -> noOrderIsBroken(dependent, attempt.get(0), attempt));
            }
        }
    }

    /** Returns whether a device has a driver in the plan's tree. In the machine's tree, holders have none. */
    private boolean isNode(Device device) {
        return run.stage
                .plan()
                .tree()
                .find(device.path())
                .flatMap(Device::driver)
                .or(device::driver)
                .isPresent();
    }

    private void noOrderIsBroken(Device dependent, Call first, List<Call> attempt) {
        if (run.isBound(dependent, first.begun)) {
            run.complain("a device starts only after its dependents are down", first, "needed by " + dependent);
        }
        boolean goesDown = RecordedRun.did(attempt, Site.UNBIND) || RecordedRun.did(attempt, Site.STOP_HOLDER);
        int end = goesDown ? Integer.MAX_VALUE : attempt.get(attempt.size() - 1).ended;
        for (Call call : run.callsOf(dependent)) {
            if (call.ended > first.begun && call.begun < end && !run.isRestoring(call)) {
                run.complain("a device starts only after its dependents have ended", first, call);
            }
        }
    }

    void driversComeBackInOrder(Call binding) {
        for (Device needed : run.stage.machine().tree().devices()) {
            List<Call> calls = run.callsOf(needed);
            if (run.stage.dependentsOf(needed).contains(binding.task)
                    && calls.stream().anyMatch(call -> call.site == Site.UNBIND && call.succeeded)
                    && calls.stream().noneMatch(call -> call.site == Site.BIND && call.ended < binding.begun)) {
                run.complain("a driver comes back only after those of all that its device needs", binding, needed);
            }
        }
    }
}
