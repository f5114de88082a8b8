// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.invariants.Complaint;
import org.quiesced.invariants.EventRules;
import org.quiesced.invariants.PathRules;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;

/**
 * Checks a run by the calls that the kernel recorded and by the state of the machine, independently of the planner and
 * the run.
 */
final class RunChecker {
    /** The faults that leave a device without a driver from the beginning. */
    private static final Set<Fault> DRIVERLESS = EnumSet.of(Fault.VANISHES, Fault.BEING_UNBOUND, Fault.BOUND_AGAIN);

    /** Maximum time from the beginning of a scan to a claim for which the scan is valid. */
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    /** Maximum time from the end of a scan to its use. */
    private static final long OLD = Duration.ofSeconds(10).toNanos();

    private static final Set<Site> READ_AFTER_LOOK = EnumSet.of(
            Site.LOOK,
            Site.TRAFFIC,
            Site.READ,
            Site.WRITABLE,
            Site.WRITE,
            Site.MARK,
            Site.REGISTER,
            Site.IS_BOUND,
            Site.DEPENDENTS);

    private final Trial trial;
    private final Stage stage;
    private final FaultyKernel kernel;
    private final List<String> complaints = new ArrayList<>();
    private final Map<Device, List<Call>> byTask = new HashMap<>();
    private final Set<Integer> restoring = new HashSet<>();
    private final Map<Device, Integer> givenUp = new HashMap<>();
    private final Map<Device, Event> last = new HashMap<>();

    private RunChecker(Trial trial) {
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

    /** Returns the rules that a run breaks; empty if it breaks none. */
    static List<String> complaints(Trial trial) {
        RunChecker checker = new RunChecker(trial);
        checker.whatIsToldIsInOrder();
        checker.theRunEndedByItsDeadline();
        checker.theMachineIsAsItWasButForWhatIsDown();
        for (Map.Entry<Device, List<Call>> task : checker.byTask.entrySet()) {
            checker.noOrderIsBroken(task.getKey(), task.getValue());
            checker.nothingIsBegunAfterItWasGivenUp(task.getKey(), task.getValue());
            checker.nothingIsLost(task.getKey(), task.getValue());
            checker.whatIsSaidIsTrue(task.getKey(), task.getValue());
            for (Call call : task.getValue()) {
                if (call.site == Site.BIND) {
                    checker.driversComeBackInOrder(call);
                } else if (call.site.changes()) {
                    checker.nothingInUseIsTouched(call, task.getValue());
                }
            }
        }
        checker.itTookWhatItSays();
        checker.noDriverStopsItsDisk();
        checker.whatWasTakenDownForNothingIsBroughtBack();
        checker.whatIsBegunIsTold();
        checker.complaints.addAll(PathRules.complaints(
                checker.stage.machine().tree(), checker.kernel.simulated().log().operations(), checker::isBoundAt));
        checker.complaints.addAll(Promptness.complaints(trial));
        return checker.complaints;
    }

    private void complain(String rule, Object... of) {
        complaints.add(Complaint.text(rule, of));
    }

    /** Returns whether a path has its driver at a time and is not offline. */
    private boolean isBoundAt(Device path, long time) {
        return !DRIVERLESS.contains(stage.machine().faults().getOrDefault(path.path(), Fault.HANGS))
                && !kernel.hasVanished(path)
                && !path.attribute("state").orElse("").endsWith("offline")
                && kernel.simulated().log().operations().stream()
                        .noneMatch(operation -> operation.kind() == OperationLog.Kind.UNBIND
                                && operation.device().equals(path)
                                && operation.to() <= time);
    }

    private void whatIsToldIsInOrder() {
        complaints.addAll(EventRules.complaints(
                stage.plan(),
                trial.told().stream().map(Trial.Told::withoutPlace).toList()));
        if (!trial.timeline()
                .events()
                .equals(trial.told().stream().map(Trial.Told::event).toList())) {
            complain("the timeline has the events that were told");
        }
    }

    private void theRunEndedByItsDeadline() {
        trial.failure().ifPresent(failure -> complain("no worker dies", failure));
        if (trial.took() > trial.deadline()) {
            complain("the run ends by its deadline", trial.took() / 1_000_000 + " ms", trial.deadline() / 1_000_000);
        }
    }

    private void theMachineIsAsItWasButForWhatIsDown() {
        boolean nobodyCouldTidyUp =
                kernel.calls().stream().anyMatch(call -> call.site == Site.START_RESERVED && !call.succeeded);
        if (trial.expeditedAfterwards() && !nobodyCouldTidyUp) {
            complain("grace periods are as before");
        }
        if (kernel.claimsHeld() != 0) {
            complain("all claims are given back", kernel.claimsHeld());
        }
        for (Device device : stage.machine().tree().devices()) {
            if (device.isA("scsi_disk") && isBound(stage.ownerOf(device), Integer.MAX_VALUE)) {
                for (Map.Entry<String, String> attribute : device.attributes().entrySet()) {
                    Optional<String> present = kernel.simulated().attributes().read(device, attribute.getKey());
                    if (!present.equals(Optional.of(attribute.getValue())) && !couldNotBeWritten(device)) {
                        complain("a disk that stays is as it was", device, attribute.getKey() + "=" + present);
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
        return kernel.calls().stream()
                .anyMatch(call -> device.equals(call.device)
                        && !call.succeeded
                        && (call.site == Site.WRITABLE
                                || call.site == Site.WRITE
                                        && (restoring.contains(call.strand) || !call.text.endsWith("=0"))));
    }

    /** Returns whether a device had its driver at a position, according to the recorded calls. */
    private boolean isBound(Device device, int place) {
        if (DRIVERLESS.contains(stage.machine().faults().getOrDefault(device.path(), Fault.HANGS))
                || kernel.hasVanished(device)) {
            return false;
        }
        boolean bound = true;
        for (Call call : byTask.getOrDefault(device, List.of())) {
            if (call.succeeded && call.ended < place) {
                bound = call.site == Site.BIND
                        || call.site == Site.ANNOUNCE
                        || bound && call.site != Site.UNBIND && call.site != Site.STOP_HOLDER;
            }
        }
        return bound;
    }

    private void noOrderIsBroken(Device device, List<Call> calls) {
        Map<Integer, List<Call>> attempts = new LinkedHashMap<>();
        calls.stream()
                .filter(call -> !restoring.contains(call.strand))
                .forEach(call -> attempts.computeIfAbsent(call.strand, key -> new ArrayList<>())
                        .add(call));
        for (Device dependent : stage.dependentsOf(device)) {
            if (isNode(dependent)) {
                attempts.values().forEach(attempt -> noOrderIsBroken(dependent, attempt.get(0), attempt));
            }
        }
    }

    /** Returns whether a device has a driver in the plan's tree. In the machine's tree, holders have none. */
    private boolean isNode(Device device) {
        return stage.plan()
                .tree()
                .find(device.path())
                .flatMap(Device::driver)
                .or(device::driver)
                .isPresent();
    }

    private void noOrderIsBroken(Device dependent, Call first, List<Call> attempt) {
        if (isBound(dependent, first.begun)) {
            complain("a device starts only after its dependents are down", first, "needed by " + dependent);
        }
        boolean goesDown = did(attempt, Site.UNBIND) || did(attempt, Site.STOP_HOLDER);
        int end = goesDown ? Integer.MAX_VALUE : attempt.get(attempt.size() - 1).ended;
        for (Call call : byTask.getOrDefault(dependent, List.of())) {
            if (call.ended > first.begun && call.begun < end && !restoring.contains(call.strand)) {
                complain("a device starts only after its dependents have ended", first, call);
            }
        }
    }

    private void driversComeBackInOrder(Call binding) {
        for (Device needed : stage.machine().tree().devices()) {
            List<Call> calls = byTask.getOrDefault(needed, List.of());
            if (stage.dependentsOf(needed).contains(binding.task)
                    && calls.stream().anyMatch(call -> call.site == Site.UNBIND && call.succeeded)
                    && calls.stream().noneMatch(call -> call.site == Site.BIND && call.ended < binding.begun)) {
                complain("a driver comes back only after those of all that its device needs", binding, needed);
            }
        }
    }

    private void nothingIsBegunAfterItWasGivenUp(Device device, List<Call> calls) {
        int end = Math.min(givenUp.getOrDefault(device, Integer.MAX_VALUE), trial.returned());
        for (Call call : calls) {
            boolean isRestoring =
                    restoring.contains(call.strand) || call.site == Site.WRITE && !call.text.endsWith("=0");
            boolean matters = call.site == Site.UNBIND
                    || call.site == Site.STOP_HOLDER
                    || call.site == Site.STOP
                    || call.site == Site.WRITE;
            if (call.begun > end && matters && !isRestoring && !completes(call, calls, end)) {
                complain("nothing is begun after it was given up", call, last.get(device));
            }
        }
    }

    /**
     * Returns whether a call completes a change that was begun before the device was given up. Between the clearing of
     * its first attribute and its stop, a disk would be stopped neither by the kernel nor by the run, so the worker
     * completes the stop, unless the shutdown was cancelled or its hook has ended.
     */
    private boolean completes(Call call, List<Call> calls, int end) {
        boolean isWanted = !(last.get(call.task) instanceof Event.LeftToKernel left)
                || !(left.reason() instanceof Reason.Cancelled || left.reason() instanceof Reason.HookEnded);
        return (call.site != Site.STOP || isWanted)
                && calls.stream()
                        .anyMatch(other -> other.strand == call.strand
                                && other.begun <= end
                                && other.begun < call.begun
                                && (other.site == Site.UNBIND
                                        || other.site == Site.WRITE && other.text.endsWith("=0")));
    }

    private void nothingInUseIsTouched(Call call, List<Call> task) {
        if (call.site == Site.WRITE) {
            return;
        }
        int looked = lookOf(call, task);
        if (call.site == Site.UNBIND && looked == Integer.MAX_VALUE) {
            complain("what is relied upon is seen after the claim", call);
        }
        for (Device below : stage.below(call.task).devices()) {
            boolean stays = kernel.isUsedAt(below, call.begun) && !kernel.hasVanished(below);
            if (stays && call.site != Site.FLUSH && call.site != Site.SYNC) {
                complain("nothing in use is touched", call, below + " has a user");
            }
            if (!below.isA("block")) {
                continue;
            }
            if (kernel.mountedSince(below).filter(since -> since < call.begun).isPresent()
                    && !kernel.hasVanished(below)) {
                complain("nothing in use is touched", call, below + " was mounted meanwhile");
            }
            int written = kernel.writtenSince(below).orElse(Integer.MAX_VALUE);
            boolean wasToBeSeen = written < looked || hasMovedBetweenReadings(below, written, call, task);
            if (call.site == Site.UNBIND && wasToBeSeen && !kernel.hasVanished(below)) {
                complain("nothing in use is touched", call, below + " was written to meanwhile");
            }
        }
    }

    /** Returns the position at which the worker that made a call began. */
    private static int startOf(Call call, List<Call> task) {
        return task.stream()
                .filter(other -> other.strand == call.strand)
                .mapToInt(other -> other.begun)
                .min()
                .orElseThrow();
    }

    /**
     * Returns the position at which the scan began that the worker relied on directly before a call: the first scan
     * that began at most one second before the worker's claim, and ended at most ten seconds before the worker asked
     * for the users of disks. {@link Integer#MAX_VALUE} if there is none.
     */
    private int lookOf(Call call, List<Call> task) {
        Call claim = task.stream()
                .filter(other -> other.strand == call.strand && other.begun <= call.begun)
                .reduce((one, other) -> other.site == Site.CLAIM ? other : one)
                .orElseThrow();
        Call before = lastBeforeLook(call, task);
        return kernel.calls().stream()
                .filter(look -> look.site == Site.LOOK
                        && look.succeeded
                        && look.ended < call.begun
                        && look.from >= claim.from - FRESH
                        && (look.to >= before.to - OLD || look.ended > before.ended))
                .mapToInt(look -> look.begun)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /**
     * Returns the last call of the same worker before it asked for the users of disks. The calls in {@link
     * #READ_AFTER_LOOK} follow that question and precede the removal of the driver.
     */
    private static Call lastBeforeLook(Call call, List<Call> task) {
        Call last = call;
        for (Call other : task) {
            boolean isEarlier = other.strand == call.strand && other.begun < call.begun;
            if (isEarlier && !READ_AFTER_LOOK.contains(other.site)) {
                last = other;
            }
        }
        return last;
    }

    private static boolean hasMovedBetweenReadings(Device disk, int moved, Call call, List<Call> task) {
        int first = Integer.MAX_VALUE;
        int lastReading = -1;
        for (Call other : task) {
            if (other.site == Site.TRAFFIC
                    && other.strand == call.strand
                    && other.device.equals(disk)
                    && other.begun < call.begun) {
                first = Math.min(first, other.ended);
                lastReading = other.ended;
            }
        }
        return first < moved && moved < lastReading;
    }

    private void nothingIsLost(Device device, List<Call> calls) {
        Map<Device, Boolean> flushed = new HashMap<>();
        int unbindings = 0;
        int stops = 0;
        for (Call call : calls) {
            if (call.site == Site.FLUSH || call.site == Site.SYNC) {
                flushed.put(call.device, call.succeeded);
            } else if (call.site == Site.UNBIND) {
                unbindings++;
                if (flushed.containsValue(false)) {
                    complain("a drive whose flush fails keeps its driver", call, flushed);
                }
            } else if (call.site == Site.STOP && call.succeeded) {
                stops++;
                if (!isAskedFor(call, calls) && !wantsStopAtRestart(device)) {
                    complain("no disk is stopped at reboot and kexec", call);
                }
            }
        }
        if (unbindings > 1 || stops > 1) {
            complain("one unbinding and one stop, never two", device, unbindings, stops);
        }
    }

    /**
     * Checks that no driver stops its disk when it is removed, which it does if an attribute says so. A disk whose
     * attributes could not be read is exempt, because they could not be cleared.
     */
    private void noDriverStopsItsDisk() {
        for (OperationLog.Operation operation : kernel.simulated().log().operations()) {
            if (operation.kind() == OperationLog.Kind.DRIVER_STOP && !couldNotBeRead(operation.device())) {
                complain("no driver stops its disk as it leaves", operation);
            }
        }
    }

    private boolean couldNotBeRead(Device device) {
        return kernel.calls().stream()
                .anyMatch(call -> call.site == Site.READ
                        && !call.succeeded
                        && stage.ownerOf(call.device).equals(device));
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
        return trial.stopsDisksAt(asked) || trial.stopsDisksAt(lastTold(asked));
    }

    /** Returns the position of the last event before a position. */
    private int lastTold(int place) {
        return trial.told().stream()
                .mapToInt(Trial.Told::place)
                .filter(told -> told < place)
                .max()
                .orElse(0);
    }

    private boolean wantsStopAtRestart(Device device) {
        return stage.below(device).devices().stream()
                .anyMatch(below -> below.attribute("manage_restart").equals(Optional.of("1")));
    }

    private void whatIsSaidIsTrue(Device device, List<Call> calls) {
        Event end = last.get(device);
        if (end instanceof Event.Done && isBound(device, placeOf(end))) {
            complain("what is said to be down has no driver", end);
        }
        if (end instanceof Event.LeftToKernel left
                && !CheckedRun.isInFlight(left.reason())
                && calls.stream()
                        .noneMatch(call -> (call.site == Site.LINES || call.site == Site.NOTIFIED) && !call.succeeded)
                && calls.stream().anyMatch(call -> call.site == Site.UNBIND && call.succeeded)) {
            complain("what is said to be left to the kernel has its driver", end);
        }
    }

    private int placeOf(Event event) {
        return trial.told().stream()
                .filter(told -> told.event() == event)
                .findFirst()
                .orElseThrow()
                .place();
    }

    private void itTookWhatItSays() {
        if (trial.timeline().took().toNanos() > trial.took()
                || trial.timeline().took().toNanos() < trial.took() - Trial.TIDYING.toNanos()) {
            complain("times are those of the clock", trial.timeline().took());
        }
    }

    /**
     * Checks that after a cancelled shutdown each device whose driver was removed has one event {@code Restored} or
     * {@code NotRestored}.
     */
    private void whatWasTakenDownForNothingIsBroughtBack() {
        boolean cancelled = trial.scenario().course().kind() == Course.Kind.CANCEL;
        Map<Device, Integer> restored = new HashMap<>();
        for (Trial.Told told : trial.told()) {
            if (told.event() instanceof Event.Restored || told.event() instanceof Event.NotRestored) {
                restored.merge(told.event().device(), 1, Integer::sum);
                boolean isBack = byTask.getOrDefault(told.event().device(), List.of()).stream()
                                .anyMatch(call -> call.site == Site.BIND && call.succeeded && call.ended < told.place())
                        || byTask.getOrDefault(told.event().device(), List.of()).stream()
                                .noneMatch(call -> call.site == Site.UNBIND && call.succeeded);
                if (told.event() instanceof Event.Restored && !isBack) {
                    complain("what is said to be restored has its driver", told.event());
                }
            }
        }
        for (Map.Entry<Device, List<Call>> task : byTask.entrySet()) {
            boolean taken = task.getValue().stream()
                    .anyMatch(call -> call.site == Site.UNBIND && call.succeeded && call.ended < trial.returned());
            int count = restored.getOrDefault(task.getKey(), 0);
            if (count > (cancelled ? 1 : 0) || cancelled && taken && count == 0) {
                complain("after a cancelled shutdown each device is restored once", task.getKey(), count);
            }
        }
    }

    /** Checks that the removals and flushes that the kernel recorded were reported by events. */
    private void whatIsBegunIsTold() {
        Set<Device> unbinding = new HashSet<>();
        Set<Device> flushed = new HashSet<>();
        for (Trial.Told told : trial.told()) {
            if (told.event() instanceof Event.Unbinding) {
                unbinding.add(told.event().device());
            } else if (told.event() instanceof Event.Flushed) {
                flushed.add(told.event().device());
            }
        }
        for (Map.Entry<Device, Event> end : last.entrySet()) {
            List<Call> calls = byTask.getOrDefault(end.getKey(), List.of());
            boolean isDown = end.getValue() instanceof Event.Done;
            if (isDown && did(calls, Site.UNBIND) && !unbinding.contains(end.getKey())) {
                complain("a driver that is taken away is told of", end.getValue());
            }
            if (isDown && (did(calls, Site.FLUSH) || did(calls, Site.SYNC)) && !flushed.contains(end.getKey())) {
                complain("a flush is told of", end.getValue());
            }
        }
    }

    private static boolean did(List<Call> calls, Site site) {
        return calls.stream().anyMatch(call -> call.site == site && call.succeeded);
    }
}
