// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.TimeSpan;
import org.quiesced.plan.Plan;
import org.quiesced.report.Labels;
import org.quiesced.run.Run;
import org.quiesced.shutdown.Verb;

/**
 * Guard of last resort. From the late phase on it watches the changes that this process began. It brings the machine
 * down by force if a driver that is being unbound, or bound again after a cancelled shutdown, is stuck
 * {@code last_resort} beyond its time limit: the kernel's own walk waits for the lock of that device without a limit.
 * It does not act while another device has time left. If {@code limit} is set, it also limits the whole shutdown from
 * its request on, whatever is in flight.
 *
 * <p>It acts until the process ends: also after the deadline of the run, after the end of the hook, and during the
 * kernel's walk. Its thread has a limit for each wait. Any thread may report the progress of the shutdown.
 */
public final class LastResort {
    private final ForcedEnd end;
    private final BooleanSupplier isUp;
    private final Duration interval;
    private final List<Watched> watched = new ArrayList<>();
    private Optional<Shutdown> shutdown = Optional.empty();
    private boolean acted;

    /** The unfinished changes of a run, and its plan. */
    private record Watched(Plan plan, Supplier<List<Run.Unfinished>> unfinished, BooleanSupplier isAtWork) {}

    /**
     * A requested shutdown.
     *
     * @param patience how long a driver may be stuck; empty before the late phase, and if {@code last_resort} is off
     */
    private record Shutdown(Verb verb, Plan plan, Optional<Patience> patience, Optional<Limit> limit) {}

    /**
     * How long a driver may be stuck.
     *
     * @param length time beyond its own limit
     * @param from when the guard may act, by {@link System#nanoTime}
     */
    private record Patience(Duration length, long from) {}

    /**
     * Time limit of the whole shutdown.
     *
     * @param at when it passes, by {@link System#nanoTime}
     */
    private record Limit(Duration length, long at) {}

    /**
     * Creates the guard.
     *
     * @param isUp whether the system manager reports that no shutdown is under way, in which case nothing is forced.
     *     Called directly before the guard acts, without a lock; must return in limited time
     * @param interval time between two checks
     */
    public LastResort(ForcedEnd end, BooleanSupplier isUp, Duration interval) {
        this.end = end;
        this.isUp = isUp;
        this.interval = interval;
    }

    /** Records that a shutdown was requested. {@code limit} counts from the first call. */
    synchronized void begin(Verb verb, Config config, Plan plan) {
        begin(verb, config, plan, Optional.empty());
    }

    /** Records that the late phase has begun, which nothing can cancel: {@code last_resort} applies from now on. */
    public synchronized void late(Verb verb, Config config, Plan plan) {
        late(verb, config, plan, Duration.ZERO);
    }

    /**
     * Records that the shutdown cannot be cancelled, although the late phase has not begun: {@code last_resort} applies
     * after a delay, or from the late phase on if that begins earlier. If it applies already, it continues to apply.
     *
     * @param after the delay
     */
    public synchronized void late(Verb verb, Config config, Plan plan, Duration after) {
        long from = System.nanoTime() + after.toNanos();
        long first = shutdown.flatMap(Shutdown::patience)
                .map(patience -> patience.from() - from < 0 ? patience.from() : from)
                .orElse(from);
        begin(verb, config, plan, config.lastResort().map(length -> new Patience(length, first)));
    }

    private void begin(Verb verb, Config config, Plan plan, Optional<Patience> patience) {
        Optional<Limit> limit = shutdown.isPresent()
                ? shutdown.get().limit()
                : config.limit().map(length -> new Limit(length, System.nanoTime() + length.toNanos()));
        shutdown = Optional.of(new Shutdown(verb, plan, patience, limit));
        notifyAll();
    }

    /**
     * Adds a run to be watched, in addition to earlier runs with unfinished changes.
     *
     * @param unfinished returns the changes for which the kernel's own walk waits
     * @param isAtWork whether the run may begin more changes, within its own deadline
     */
    public synchronized void watch(Plan plan, Supplier<List<Run.Unfinished>> unfinished, BooleanSupplier isAtWork) {
        watched.removeIf(run -> run.unfinished().get().isEmpty());
        watched.add(new Watched(plan, unfinished, isAtWork));
    }

    /**
     * Records that the shutdown was cancelled. Its run remains watched, because a driver that is bound again may be
     * stuck when the next shutdown is requested.
     */
    synchronized void cancel() {
        shutdown = Optional.empty();
    }

    /** Executes the guard, forever. */
    void serve() throws InterruptedException {
        while (true) {
            awaitNextCheck();
            check();
        }
    }

    private synchronized void awaitNextCheck() throws InterruptedException {
        while (shutdown.isEmpty() || acted) {
            wait();
        }
        wait(Math.max(1, interval.toMillis()));
    }

    /** Checks once, and brings the machine down if necessary. */
    public void check() throws InterruptedException {
        Optional<ForcedEnd.Cause> cause = cause();
        // The guard may not have been informed yet of a shutdown that was just cancelled.
        if (cause.isPresent() && !isUp.getAsBoolean() && end.carryOut(cause.get(), () -> cause().isPresent())) {
            synchronized (this) {
                acted = true;
            }
        }
    }

    private synchronized Optional<ForcedEnd.Cause> cause() {
        return acted ? Optional.empty() : shutdown.flatMap(this::cause);
    }

    private Optional<ForcedEnd.Cause> cause(Shutdown asked) {
        return describe(asked)
                .map(text -> new ForcedEnd.Cause(
                        asked.verb(),
                        text,
                        asked.plan(),
                        busy(),
                        () -> asked.limit().flatMap(LastResort::passed).isEmpty()));
    }

    private Optional<String> describe(Shutdown asked) {
        Optional<String> stuck = asked.patience()
                .filter(patience -> System.nanoTime() - patience.from() >= 0)
                .flatMap(patience -> stuck(patience.length()));
        return stuck.isPresent() ? stuck : asked.limit().flatMap(LastResort::passed);
    }

    private Optional<String> stuck(Duration patience) {
        if (isAnyInTime()) {
            return Optional.empty();
        }
        String names =
                watched.stream().flatMap(run -> stuck(run, patience)).sorted().collect(Collectors.joining(", "));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        names + ": the driver is stuck, " + TimeSpan.format(patience) + " after its time was over");
    }

    /**
     * Returns whether a device is within its time limit or may still be started: a restart would cut its shutdown
     * short.
     */
    private boolean isAnyInTime() {
        return watched.stream()
                .anyMatch(run -> run.isAtWork().getAsBoolean()
                        || run.unfinished().get().stream()
                                .anyMatch(device -> device.overdue().isNegative()));
    }

    private static Stream<String> stuck(Watched run, Duration patience) {
        Labels labels = new Labels(run.plan());
        return run.unfinished().get().stream()
                .filter(device -> device.overdue().compareTo(patience) >= 0)
                .map(device -> labels.of(device.device()));
    }

    private static Optional<String> passed(Limit limit) {
        return System.nanoTime() - limit.at() < 0
                ? Optional.empty()
                : Optional.of("the shutdown has not ended within " + TimeSpan.format(limit.length()));
    }

    private List<String> busy() {
        return watched.stream()
                .flatMap(run -> run.unfinished().get().stream())
                .map(device -> device.device().path())
                .toList();
    }
}
