// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.quiesced.kernel.Kernel;
import org.quiesced.plan.DependencyGraph;
import org.quiesced.plan.Plan;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;

/**
 * Binds the drivers that a cancelled run has unbound: each device after its own unbind has ended and all that it
 * depends on has its driver. Leaves a device that does not answer in time as it is. For the coordinator's thread, which
 * receives the signals and passes them on.
 */
final class Restoration {
    /**
     * Time limit after the last bind was begun. A probe may wait for a drive to become ready: CAP.TO of an NVMe
     * controller is at most 127.5 s; most need a second.
     */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Time limit while the next shutdown waits for the restoration. */
    static final Duration HURRIED = Duration.ofSeconds(10);

    private final Plan plan;
    /** The dependencies in the kernel: paths to one disk do not wait for each other. */
    private final DependencyGraph graph;

    private final Map<Integer, Removal> removals;
    private final Flights flights;
    private final Kernel kernel;
    private final WorkerPool<Signal> pool;
    private final EventLog eventLog;
    private final Set<Integer> waiting = new HashSet<>();
    private final Set<Integer> departing = new HashSet<>();
    private final Set<Integer> inFlight = new HashSet<>();
    /** Devices whose driver could not be bound again. */
    private final Set<Integer> lost = new HashSet<>();

    private Duration limit = LIMIT;
    /** When the last bind was begun. */
    private long start;

    private long end;

    /**
     * Creates a restoration.
     *
     * @param removals the removals that the run has begun, by device
     * @param flights records each driver that is being bound
     * @param eventLog receives the results
     */
    Restoration(
            Plan plan,
            Map<Integer, Removal> removals,
            Flights flights,
            Kernel kernel,
            WorkerPool<Signal> pool,
            EventLog eventLog) {
        this.plan = plan;
        this.graph = plan.graph().ofTree();
        this.removals = removals;
        this.flights = flights;
        this.kernel = kernel;
        this.pool = pool;
        this.eventLog = eventLog;
    }

    /**
     * Begins the restoration.
     *
     * @param down the devices that have no driver
     * @param departing the devices whose driver is still being unbound
     * @param hurried whether the next shutdown waits for the restoration
     */
    void begin(List<Integer> down, List<Integer> departing, boolean hurried) {
        waiting.addAll(down);
        this.departing.addAll(departing);
        limit = hurried ? HURRIED : LIMIT;
        startFree();
    }

    /** Shortens the wait, because the next shutdown waits for the restoration. */
    void hurry() {
        limit = HURRIED;
        end = Math.min(end, pool.now() + HURRIED.toNanos());
    }

    /** Returns whether a driver is being bound and its time limit has not passed. */
    boolean isAtWork() {
        return !inFlight.isEmpty() && pool.now() < end;
    }

    /**
     * Returns when to stop waiting for the drivers that are being bound; {@link Long#MAX_VALUE} if there is nothing to
     * wait for.
     */
    long until() {
        return isAtWork() ? end : Long.MAX_VALUE;
    }

    /** Records that the worker that was unbinding a device's driver has ended, whether or not it succeeded. */
    void departed(int device) {
        if (departing.remove(device) && removals.containsKey(device)) {
            waiting.add(device);
            startFree();
        }
    }

    /** Records the result of a bind. */
    void take(Signal.Restored restored) {
        inFlight.remove(restored.device());
        if (restored.problem().isEmpty()) {
            eventLog.restored(restored.device(), restored.at());
        } else {
            lost.add(restored.device());
            eventLog.notRestored(
                    restored.device(), restored.at(), restored.problem().get());
        }
        startFree();
    }

    /** Ends the restoration, and reports the devices that have no driver. */
    void end() {
        departing.retainAll(removals.keySet());
        tell(departing, "its driver is still being taken away");
        tell(
                inFlight,
                "no answer within " + Duration.ofNanos(pool.now() - start).toSeconds() + "s");
        tell(waiting, "what it depends on has no driver");
    }

    private void tell(Set<Integer> devices, String detail) {
        devices.forEach(device -> eventLog.notRestored(device, pool.now(), detail));
    }

    private void startFree() {
        Set<Integer> missing = new HashSet<>(waiting);
        missing.addAll(inFlight);
        missing.addAll(departing);
        missing.addAll(lost);
        for (int device : List.copyOf(waiting)) {
            if (!needsOneOf(device, missing)) {
                waiting.remove(device);
                inFlight.add(device);
                start = pool.now();
                end = start + limit.toNanos();
                start(device);
            }
        }
    }

    private boolean needsOneOf(int device, Set<Integer> missing) {
        Set<Integer> seen = new HashSet<>();
        List<Integer> open = new ArrayList<>(List.of(device));
        while (!open.isEmpty()) {
            for (int needed : graph.needs(open.remove(open.size() - 1))) {
                if (missing.contains(needed)) {
                    return true;
                }
                if (seen.add(needed)) {
                    open.add(needed);
                }
            }
        }
        return false;
    }

    private void start(int device) {
        Removal removal = Objects.requireNonNull(removals.get(device));
        Permit permit = new Permit();
        flights.bindAgain(device, permit, pool.now(), LIMIT);
        WorkerPool.Task<Signal> task = mailbox -> {
            Optional<String> problem = Optional.empty();
            try {
                permit.use();
                removal.method().restore(removal.target(), kernel);
            } catch (IOException | RuntimeException | Error e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
            }
            permit.giveBack();
            mailbox.accept(new Signal.Restored(device, pool.now(), problem));
        };
        try {
            pool.start("up-" + plan.tree().get(device).name(), task);
        } catch (NoWorkerException e) {
            startReserved(device, task);
        }
    }

    private void startReserved(int device, WorkerPool.Task<Signal> task) {
        try {
            pool.startReserved(task);
        } catch (NoWorkerException e) {
            take(new Signal.Restored(device, pool.now(), Optional.of(String.valueOf(e.getMessage()))));
        }
    }
}
