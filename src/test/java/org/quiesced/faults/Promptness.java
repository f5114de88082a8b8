// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.run.Event;

/** Tells where one device has made another wait that need not have waited for it. */
final class Promptness {
    /** What a step may take besides: nothing, in virtual time. */
    private static final long AT_ONCE = Duration.ofMillis(1).toNanos();

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

    /** Returns what is wrong with a run; nothing if it was as it should be. */
    static List<String> complaints(Trial trial) {
        Promptness promptness = new Promptness(trial);
        if (promptness.hadWorkers() && trial.scenario().course().kind() == Course.Kind.CANCEL) {
            promptness.driversComeBackAtOnce();
        }
        return promptness.complaints;
    }

    /** Without them devices wait for each other. */
    private boolean hadWorkers() {
        return trial.kernel().calls().stream()
                .noneMatch(call -> (call.site == Site.START || call.site == Site.START_RESERVED) && !call.succeeded);
    }

    private void driversComeBackAtOnce() {
        byTask.forEach((device, calls) -> {
            Optional<Call> unbinding = calls.stream()
                    .filter(call -> call.site == Site.UNBIND && call.succeeded && call.to < trial.took())
                    .findFirst();
            if (unbinding.isPresent()) {
                long possible = Math.max(endOf(unbinding.get(), calls), whenAllIsThereFor(device));
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

    /** Returns when the worker ended that made a call, but not before the shutdown was cancelled. */
    private long endOf(Call call, List<Call> calls) {
        return calls.stream()
                .filter(other -> other.strand == call.strand)
                .mapToLong(other -> other.to)
                .reduce(trial.secondTime(), Math::max);
    }

    /** Returns when the last of all that a device needs had its driver again, as far as it may have lost it. */
    private long whenAllIsThereFor(Device device) {
        return byTask.entrySet().stream()
                .filter(task -> trial.stage().dependentsOf(task.getKey()).contains(device))
                .filter(task -> task.getValue().stream().anyMatch(call -> call.site == Site.UNBIND)
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
