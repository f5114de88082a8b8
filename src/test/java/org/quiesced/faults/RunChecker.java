// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.invariants.EventRules;
import org.quiesced.invariants.PathRules;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;

/**
 * Checks a run by the calls that the kernel recorded and by the state of the machine, independently of the planner and
 * the run.
 */
final class RunChecker {
    private final RecordedRun run;

    private RunChecker(RecordedRun run) {
        this.run = run;
    }

    /** Returns the rules that a run breaks; empty if it breaks none. */
    static List<String> complaints(Trial trial) {
        RecordedRun run = new RecordedRun(trial);
        RunChecker checker = new RunChecker(run);
        OrderRules order = new OrderRules(run);
        UseRules use = new UseRules(run);
        LossRules loss = new LossRules(run);
        ReportRules report = new ReportRules(run);
        checker.whatIsToldIsInOrder();
        checker.theRunEndedByItsDeadline();
        checker.theMachineIsAsItWasButForWhatIsDown();
        for (Map.Entry<Device, List<Call>> task : run.tasks().entrySet()) {
            order.noOrderIsBroken(task.getKey(), task.getValue());
            checker.nothingIsBegunAfterItWasGivenUp(task.getKey(), task.getValue());
            loss.nothingIsLost(task.getKey(), task.getValue());
            report.whatIsSaidIsTrue(task.getKey(), task.getValue());
            for (Call call : task.getValue()) {
                if (call.site == Site.BIND) {
                    order.driversComeBackInOrder(call);
                } else if (call.site.changes()) {
                    use.nothingInUseIsTouched(call, task.getValue());
                }
            }
        }
        checker.itTookWhatItSays();
        loss.noDriverStopsItsDisk();
        report.whatWasTakenDownForNothingIsBroughtBack();
        report.whatIsBegunIsTold();
        run.complaints()
                .addAll(PathRules.complaints(
                        run.stage.machine().tree(), run.kernel.simulated().log().operations(), run::isBoundAt));
        run.complaints().addAll(Promptness.complaints(trial));
        return run.complaints();
    }

    private void whatIsToldIsInOrder() {
        run.complaints()
                .addAll(EventRules.complaints(
                        run.stage.plan(),
                        run.trial.told().stream().map(Trial.Told::withoutPlace).toList()));
        if (!run.trial
                .timeline()
                .events()
                .equals(run.trial.told().stream().map(Trial.Told::event).toList())) {
            run.complain("the timeline has the events that were told");
        }
    }

    private void theRunEndedByItsDeadline() {
        run.trial.failure().ifPresent(failure -> run.complain("no worker dies", failure));
        if (run.trial.took() > run.trial.deadline()) {
            run.complain(
                    "the run ends by its deadline",
                    run.trial.took() / 1_000_000 + " ms",
                    run.trial.deadline() / 1_000_000);
        }
    }

    private void theMachineIsAsItWasButForWhatIsDown() {
        boolean nobodyCouldTidyUp =
                run.kernel.calls().stream().anyMatch(call -> call.site == Site.START_RESERVED && !call.succeeded);
        if (run.trial.expeditedAfterwards() && !nobodyCouldTidyUp) {
            run.complain("grace periods are as before");
        }
        if (run.kernel.disks().claimsHeld() != 0) {
            run.complain("all claims are given back", run.kernel.disks().claimsHeld());
        }
        for (Device device : run.stage.machine().tree().devices()) {
            if (device.isA("scsi_disk") && run.isBound(run.stage.ownerOf(device), Integer.MAX_VALUE)) {
                for (Map.Entry<String, String> attribute : device.attributes().entrySet()) {
                    Optional<String> present =
                            run.kernel.simulated().attributes().read(device, attribute.getKey());
                    if (!present.equals(Optional.of(attribute.getValue())) && !couldNotBeWritten(device)) {
                        run.complain("a disk that stays is as it was", device, attribute.getKey() + "=" + present);
                    }
                }
            }
        }
    }

    /**
     * Returns whether an attribute of a device could not be restored, because it could not be written or was not
     * listed.
     */
    private boolean couldNotBeWritten(Device device) {
        return run.kernel.calls().stream()
                .anyMatch(call -> device.equals(call.device)
                        && !call.succeeded
                        && (call.site == Site.WRITABLE
                                || call.site == Site.WRITE && (run.isRestoring(call) || !call.text.endsWith("=0"))));
    }

    private void nothingIsBegunAfterItWasGivenUp(Device device, List<Call> calls) {
        int end = Math.min(run.givenUpAt(device), run.trial.returned());
        for (Call call : calls) {
            boolean isRestoring = run.isRestoring(call) || call.site == Site.WRITE && !call.text.endsWith("=0");
            boolean matters = call.site == Site.UNBIND
                    || call.site == Site.STOP_HOLDER
                    || call.site == Site.STOP
                    || call.site == Site.WRITE;
            if (call.begun > end && matters && !isRestoring && !completes(call, calls, end)) {
                run.complain("nothing is begun after it was given up", call, run.lastEventOf(device));
            }
        }
    }

    /**
     * Returns whether a call completes a change that was begun before the device was given up. Between the clearing of
     * its first attribute and its stop, a disk would be stopped neither by the kernel nor by the run, so the worker
     * completes the stop, unless the shutdown was cancelled or its hook has ended.
     */
    private boolean completes(Call call, List<Call> calls, int end) {
        boolean isWanted = !(run.lastEventOf(call.task) instanceof Event.LeftToKernel left)
                || !(left.reason() instanceof Reason.Cancelled || left.reason() instanceof Reason.HookEnded);
        return (call.site != Site.STOP || isWanted)
                && calls.stream()
                        .anyMatch(other -> other.strand == call.strand
                                && other.begun <= end
                                && other.begun < call.begun
                                && (other.site == Site.UNBIND
                                        || other.site == Site.WRITE && other.text.endsWith("=0")));
    }

    private void itTookWhatItSays() {
        if (run.trial.timeline().took().toNanos() > run.trial.took()
                || run.trial.timeline().took().toNanos() < run.trial.took() - Trial.TIDYING.toNanos()) {
            run.complain("times are those of the clock", run.trial.timeline().took());
        }
    }
}
