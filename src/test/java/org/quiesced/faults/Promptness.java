// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.run.Event;

/** Finds devices that had to wait for another device without need. */
final class Promptness {
    /** Time permitted for a step that takes no virtual time. */
    private static final long AT_ONCE = Duration.ofMillis(1).toNanos();

    /** Time permitted for the restoration of grace periods at the end of a run. */
    private static final long TIDYING = Trial.TIDYING.toNanos() + AT_ONCE;

    private static final long PREPARATION = Duration.ofSeconds(10).toNanos();

    /** Time limit of a scan: 20 s, and 10 s more until a worker that scans itself is given up. */
    private static final long LOOK = Duration.ofSeconds(30).toNanos();

    /** Time for which a command is awaited after the last end of a device. */
    private static final long ANSWER = Duration.ofSeconds(30).toNanos();

    private static final Set<Site> COMMANDS = EnumSet.of(Site.IDENTIFY, Site.FLUSH, Site.SYNC, Site.WRITE_BACK);
    /** The calls of a task that show that the driver of its device is removed, by the run or by another process. */
    private static final Set<Site> DRIVER_LEAVES = EnumSet.of(Site.UNBIND, Site.AWAIT_UNBOUND);

    private static final Set<Site> BEGINS = EnumSet.of(Site.UNBIND, Site.AWAIT_UNBOUND, Site.WRITE, Site.STOP);

    private final Trial trial;
    private final List<String> complaints = new ArrayList<>();
    private final Map<Device, List<Call>> byTask = new HashMap<>();

    private Promptness(Trial trial) {
        this.trial = trial;
        for (Call call : trial.kernel().calls()) {
            if (call.task != null) {
                byTask.computeIfAbsent(call.task, key -> new ArrayList<>()).add(call);
            }
        }
    }

    /** Returns the rules that a run breaks; empty if it breaks none. */
    static List<String> complaints(Trial trial) {
        Promptness promptness = new Promptness(trial);
        if (trial.scenario().course().kind() != Course.Kind.CANCEL) {
            promptness.nothingIsWaitedForThatHangs();
        } else if (promptness.hadWorkers()) {
            promptness.driversComeBackAtOnce();
        }
        return promptness.complaints;
    }

    /** Returns whether each worker could be started. Without workers, devices wait for each other. */
    private boolean hadWorkers() {
        return trial.kernel().calls().stream()
                .noneMatch(call -> (call.site == Site.START || call.site == Site.START_RESERVED) && !call.succeeded);
    }

    /**
     * Checks that at each moment of the late phase the run has something to wait for: a change that was begun at a
     * device, a command within 30 s of its beginning or of the last end of a device, a scan within its limit, or
     * another step within 10 s.
     */
    private void nothingIsWaitedForThatHangs() {
        long covered = trial.scenario().course().isAwaited() ? trial.secondTime() : 0;
        Stream<long[]> removals = trial.told().stream()
                .filter(told -> told.event() instanceof Event.Unbinding)
                .map(told -> new long[] {told.time(), endOf(told.event().device())});
        long[][] spans = Stream.concat(removals, trial.kernel().calls().stream().map(call ->
                        new long[] {call.from, Math.min(call.to, latest(call))}))
                .sorted(Comparator.comparingLong(span -> span[0]))
                .toArray(long[][]::new);
        for (long[] span : spans) {
            if (Math.min(span[0], trial.took()) - covered > TIDYING) {
                break;
            }
            covered = Math.max(covered, span[1]);
        }
        if (trial.took() - covered > TIDYING) {
            complaints.add("what hangs before it has begun is not waited for: from " + covered / 1_000_000
                    + " ms on, until " + trial.took() / 1_000_000 + " ms");
        }
    }

    private long endOf(Device device) {
        return trial.told().stream()
                .filter(told -> told.event().isLast() && told.event().device().equals(device))
                .mapToLong(Trial.Told::time)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** Returns the time until which a run may wait for a call. */
    private long latest(Call call) {
        boolean hasBegun = byTask.getOrDefault(call.task, List.of()).stream()
                .anyMatch(other ->
                        other.strand == call.strand && other.begun <= call.begun && BEGINS.contains(other.site));
        if (hasBegun) {
            return Long.MAX_VALUE;
        }
        if (COMMANDS.contains(call.site)) {
            return answerOf(call);
        }
        return call.from + (call.site == Site.LOOK ? LOOK : PREPARATION);
    }

    private long answerOf(Call command) {
        long latest = command.from + ANSWER;
        for (Trial.Told told : trial.told()) {
            boolean hasEnded = told.event() instanceof Event.Done || told.event() instanceof Event.Finished;
            if (hasEnded && told.time() >= command.from && told.time() <= command.to) {
                latest = told.time() + ANSWER;
            }
        }
        return latest;
    }

    private void driversComeBackAtOnce() {
        byTask.forEach((device, calls) -> {
            Optional<Call> unbinding = calls.stream()
                    .filter(call -> call.site == Site.UNBIND && call.succeeded && call.to < trial.took())
                    .findFirst();
            // The connection to a fabrics controller is not restored.
            if (unbinding.isPresent() && !trial.stage().plan().needsNetwork(device)) {
                long possible = Math.max(workerEndOf(unbinding.get(), calls), whenAllIsThereFor(device));
                long begun = calls.stream()
                        .filter(call -> call.site == Site.BIND)
                        .mapToLong(call -> call.from)
                        .findFirst()
                        .orElse(trial.took());
                if (begun - AT_ONCE > possible) {
                    complaints.add("after a cancelled shutdown a driver comes back at once: " + device
                            + ": possible at " + possible / 1_000_000 + " ms, begun at " + begun / 1_000_000 + " ms");
                }
            }
        });
    }

    /** Returns the end of the worker that made a call, but at least the time of the cancellation. */
    private long workerEndOf(Call call, List<Call> calls) {
        return calls.stream()
                .filter(other -> other.strand == call.strand)
                .mapToLong(other -> other.to)
                .reduce(trial.secondTime(), Math::max);
    }

    /**
     * Returns the time at which the last dependency of a device had its driver again; 0 if no dependency lost its
     * driver.
     */
    private long whenAllIsThereFor(Device device) {
        return byTask.entrySet().stream()
                .filter(task -> trial.stage().dependentsOf(task.getKey()).contains(device))
                .filter(task -> task.getValue().stream().anyMatch(call -> DRIVER_LEAVES.contains(call.site))
                        || isToldOf(task.getKey(), Event.Restored.class)
                        || isToldOf(task.getKey(), Event.NotRestored.class))
                .mapToLong(task -> restoredAt(task.getKey()))
                .reduce(0, Math::max);
    }

    private long restoredAt(Device device) {
        return of(device, Event.Restored.class)
                .mapToLong(Trial.Told::time)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private boolean isToldOf(Device device, Class<? extends Event> kind) {
        return of(device, kind).findFirst().isPresent();
    }

    private Stream<Trial.Told> of(Device device, Class<? extends Event> kind) {
        return trial.told().stream()
                .filter(told ->
                        kind.isInstance(told.event()) && told.event().device().equals(device));
    }
}
