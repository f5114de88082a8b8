// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.run.Event;

/** The rules of a trial that concern its events: they are true, and report what was done. */
final class ReportRules {
    private final RecordedRun run;

    ReportRules(RecordedRun run) {
        this.run = run;
    }

    void whatIsSaidIsTrue(Device device, List<Call> calls) {
        Event end = run.lastEventOf(device);
        if (end instanceof Event.Done && run.isBound(device, placeOf(end))) {
            run.complain("what is said to be down has no driver", end);
        }
        if (end instanceof Event.LeftToKernel left
                && !CheckedRun.isInFlight(left.reason())
                && calls.stream()
                        .noneMatch(call -> (call.site == Site.LINES || call.site == Site.NOTIFIED) && !call.succeeded)
                && calls.stream().anyMatch(call -> call.site == Site.UNBIND && call.succeeded)) {
            run.complain("what is said to be left to the kernel has its driver", end);
        }
    }

    private int placeOf(Event event) {
        return run.trial.told().stream()
                .filter(told -> told.event() == event)
                .findFirst()
                .orElseThrow()
                .place();
    }

    /**
     * Checks that after a cancelled shutdown each device whose driver was removed has one event {@code Restored} or
     * {@code NotRestored}.
     */
    void whatWasTakenDownForNothingIsBroughtBack() {
        boolean cancelled = run.trial.scenario().course().kind() == Course.Kind.CANCEL;
        Map<Device, Integer> restored = new HashMap<>();
        for (Trial.Told told : run.trial.told()) {
            if (told.event() instanceof Event.Restored || told.event() instanceof Event.NotRestored) {
                restored.merge(told.event().device(), 1, Integer::sum);
                boolean isBack = run.callsOf(told.event().device()).stream()
                                .anyMatch(call -> call.site == Site.BIND && call.succeeded && call.ended < told.place())
                        || run.callsOf(told.event().device()).stream()
                                .noneMatch(call -> call.site == Site.UNBIND && call.succeeded);
                if (told.event() instanceof Event.Restored && !isBack) {
                    run.complain("what is said to be restored has its driver", told.event());
                }
            }
        }
        for (Map.Entry<Device, List<Call>> task : run.tasks().entrySet()) {
            boolean taken = task.getValue().stream()
                    .anyMatch(call -> call.site == Site.UNBIND && call.succeeded && call.ended < run.trial.returned());
            int count = restored.getOrDefault(task.getKey(), 0);
            if (count > (cancelled ? 1 : 0) || cancelled && taken && count == 0) {
                run.complain("after a cancelled shutdown each device is restored once", task.getKey(), count);
            }
        }
    }

    /** Checks that the removals and flushes that the kernel recorded were reported by events. */
    void whatIsBegunIsTold() {
        Set<Device> unbinding = new HashSet<>();
        Set<Device> flushed = new HashSet<>();
        for (Trial.Told told : run.trial.told()) {
            if (told.event() instanceof Event.Unbinding) {
                unbinding.add(told.event().device());
            } else if (told.event() instanceof Event.Flushed) {
                flushed.add(told.event().device());
            }
        }
        for (Map.Entry<Device, Event> end : run.lastEvents().entrySet()) {
            List<Call> calls = run.callsOf(end.getKey());
            boolean isDown = end.getValue() instanceof Event.Done;
            if (isDown && RecordedRun.did(calls, Site.UNBIND) && !unbinding.contains(end.getKey())) {
                run.complain("a driver that is taken away is told of", end.getValue());
            }
            if (isDown
                    && (RecordedRun.did(calls, Site.FLUSH) || RecordedRun.did(calls, Site.SYNC))
                    && !flushed.contains(end.getKey())) {
                run.complain("a flush is told of", end.getValue());
            }
        }
    }
}
