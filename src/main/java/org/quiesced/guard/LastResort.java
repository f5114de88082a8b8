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
 * The guard of last resort. Once the late phase has begun it watches what this daemon began, and the machine is brought
 * down by force if a driver that is being taken away, or was to be bound again after a cancelled shutdown, is stuck
 * {@code last_resort} after its time: the kernel's own walk waits for that device's lock without a limit. Other devices
 * that go down have their full time first. From the first sign of a shutdown it also watches {@code limit}, where that
 * is set, and that waits for nothing.
 *
 * <p>It acts as long as the process lives, whether the run has ended at its deadline, the hook has gone, or the kernel
 * walks its devices. Its thread waits for nothing without a limit. Any thread may report the progress of the shutdown.
 */
public final class LastResort {
    private final ForcedEnd end;
    private final BooleanSupplier isUp;
    private final Duration interval;
    private final List<Watched> watched = new ArrayList<>();
    private Optional<Shutdown> shutdown = Optional.empty();
    private boolean acted;

    /** What a run has begun and not ended, and the plan that it carries out. */
    private record Watched(Plan plan, Supplier<List<Run.Unfinished>> unfinished, BooleanSupplier isAtWork) {}

    /**
     * A shutdown that is asked for.
     *
     * @param patience with what may be stuck; empty before the late phase, and if {@code last_resort} is off
     */
    private record Shutdown(Verb verb, Plan plan, Optional<Patience> patience, Optional<Limit> limit) {}

    /**
     * How long something may be stuck.
     *
     * @param length how long after its time
     * @param from when this begins to hold, by {@link System#nanoTime}
     */
    private record Patience(Duration length, long from) {}

    /**
     * The bound on the whole shutdown.
     *
     * @param at when it is over, by {@link System#nanoTime}
     */
    private record Limit(Duration length, long at) {}

    /**
     * Makes the guard.
     *
     * @param isUp whether the system manager answers that it shuts nothing down: nothing is forced then. Asked only
     *     before something is forced, without a lock; must answer in limited time
     * @param interval how often it looks
     */
    public LastResort(ForcedEnd end, BooleanSupplier isUp, Duration interval) {
        this.end = end;
        this.isUp = isUp;
        this.interval = interval;
    }

    /** Says that a shutdown has begun: {@code limit} counts from the first time that this is said. */
    synchronized void begin(Verb verb, Config config, Plan plan) {
        begin(verb, config, plan, Optional.empty());
    }

    /** Says that the late phase has begun, which nothing can cancel: from now on {@code last_resort} holds. */
    public synchronized void late(Verb verb, Config config, Plan plan) {
        late(verb, config, plan, Duration.ZERO);
    }

    /**
     * Reports that nothing can cancel the shutdown, but that the late phase has not begun: {@code last_resort} holds
     * after a delay, or from the late phase on if that begins before. If it holds already, it continues to hold.
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
     * Adds a run to what is watched. What it has begun may be stuck still when another shutdown is asked for later.
     *
     * @param unfinished the changes for which the kernel's own walk waits
     * @param isAtWork whether the run may begin more; it has a limit of its own
     */
    public synchronized void watch(Plan plan, Supplier<List<Run.Unfinished>> unfinished, BooleanSupplier isAtWork) {
        watched.removeIf(run -> run.unfinished().get().isEmpty());
        watched.add(new Watched(plan, unfinished, isAtWork));
    }

    /**
     * Reports that the shutdown was cancelled. Devices that its run binds again may be stuck when the next shutdown is
     * asked for.
     */
    synchronized void cancel() {
        shutdown = Optional.empty();
    }

    /** Watches forever. */
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

    /** Looks once, and brings the machine down if it must. */
    public void check() throws InterruptedException {
        Optional<ForcedEnd.Cause> cause = cause();
        // A shutdown that was cancelled a moment ago has not been reported as such.
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
        return words(asked).map(words -> new ForcedEnd.Cause(asked.verb(), words, asked.plan(), busy()));
    }

    private Optional<String> words(Shutdown asked) {
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
     * Returns whether a device goes down that has time left, or may be begun: a restart would cut its shutdown short.
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
