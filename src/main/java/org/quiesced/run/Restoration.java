// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NoWorkerException;
import org.quiesced.plan.Plan;

/**
 * Binds the drivers again that a cancelled run has taken away: each device once all that it needs has its driver again. What does not
 * answer in time is left as it is. For the coordinator's thread.
 */
final class Restoration {
    /** A probe may have to wait for a drive to become ready: CAP.TO of an NVMe controller is at most 127.5 s, and most need a second. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** How long the next shutdown waits for that. */
    static final Duration HURRIED = Duration.ofSeconds(10);

    private final Plan plan;
    private final Map<Integer, Removal> removals;
    private final Flights flights;
    private final Kernel kernel;
    private final Crew<Signal> crew;
    private final Chronicle chronicle;
    private final Set<Integer> waiting = new HashSet<>();
    private final Set<Integer> inFlight = new HashSet<>();
    /** Those that have no driver and will have none. */
    private final Set<Integer> lost = new HashSet<>();

    /**
     * Makes it.
     *
     * @param removals what the run has begun, by device
     * @param flights is told of each driver that is being bound
     * @param chronicle is told what comes of it
     */
    Restoration(
            Plan plan,
            Map<Integer, Removal> removals,
            Flights flights,
            Kernel kernel,
            Crew<Signal> crew,
            Chronicle chronicle) {
        this.plan = plan;
        this.removals = removals;
        this.flights = flights;
        this.kernel = kernel;
        this.crew = crew;
        this.chronicle = chronicle;
    }

    /**
     * Restores devices, and returns when all have their drivers again or the time is over.
     *
     * @param down those that have none
     * @param departing those whose driver is still being taken away
     * @param hurried whether the next shutdown waits for that
     */
    void run(List<Integer> down, List<Integer> departing, boolean hurried) {
        waiting.addAll(down);
        lost.addAll(departing);
        for (int device : departing) {
            chronicle.notRestored(device, crew.now(), "its driver is still being taken away");
        }
        long start = crew.now();
        long end = start + (hurried ? HURRIED : LIMIT).toNanos();
        startFree();
        while (!inFlight.isEmpty() && crew.now() < end) {
            Optional<Signal> signal = crew.await(end);
            if (signal.isPresent() && signal.get() instanceof Signal.Restored restored) {
                take(restored);
                startFree();
            } else if (signal.isPresent() && signal.get() instanceof Signal.Hurry) {
                end = Math.min(end, crew.now() + HURRIED.toNanos());
            }
        }
        for (int device : inFlight) {
            long seconds = Duration.ofNanos(crew.now() - start).toSeconds();
            chronicle.notRestored(device, crew.now(), "no answer within " + seconds + " s");
        }
        for (int device : waiting) {
            chronicle.notRestored(device, crew.now(), "what it depends on has no driver");
        }
    }

    private void take(Signal.Restored restored) {
        inFlight.remove(restored.device());
        if (restored.problem().isEmpty()) {
            chronicle.restored(restored.device(), restored.at());
        } else {
            lost.add(restored.device());
            chronicle.notRestored(
                    restored.device(), restored.at(), restored.problem().get());
        }
    }

    private void startFree() {
        Set<Integer> missing = new HashSet<>(waiting);
        missing.addAll(inFlight);
        missing.addAll(lost);
        for (int device : List.copyOf(waiting)) {
            if (!needsOneOf(device, missing)) {
                waiting.remove(device);
                inFlight.add(device);
                start(device);
            }
        }
    }

    private boolean needsOneOf(int device, Set<Integer> missing) {
        Set<Integer> seen = new HashSet<>();
        List<Integer> open = new ArrayList<>(List.of(device));
        while (!open.isEmpty()) {
            for (int needed : plan.graph().needs(open.remove(open.size() - 1))) {
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
        Removal removal = removals.get(device);
        Permit permit = new Permit();
        flights.bindAgain(device, permit, crew.now(), LIMIT);
        Crew.Task<Signal> task = mailbox -> {
            Optional<String> problem = Optional.empty();
            try {
                permit.use();
                removal.method().restore(removal.target(), kernel);
            } catch (IOException | RuntimeException | Error e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
            }
            permit.giveBack();
            mailbox.accept(new Signal.Restored(device, crew.now(), problem));
        };
        try {
            crew.start("up-" + plan.tree().get(device).name(), task);
        } catch (NoWorkerException e) {
            startReserved(device, task);
        }
    }

    private void startReserved(int device, Crew.Task<Signal> task) {
        try {
            crew.startReserved(task);
        } catch (NoWorkerException e) {
            take(new Signal.Restored(device, crew.now(), Optional.of(e.getMessage())));
        }
    }
}
