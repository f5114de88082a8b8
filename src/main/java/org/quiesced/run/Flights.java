// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.quiesced.device.Device;

/**
 * The devices in flight, with their permits and time limits. For the coordinator's thread, except {@link #unfinished},
 * which any thread may call. Times are those of the pool's clock.
 */
final class Flights {
    /**
     * Time limit for a step that changes nothing and sends no command to the drive: reading sysfs, opening a disk. Such
     * a step takes milliseconds. An open, however, waits for the error handling of a SCSI host
     * ({@code scsi_block_when_processing_errors}), which may take minutes, and which the kernel's own shutdown of other
     * disks does not wait for.
     */
    static final Duration PREPARATION = Duration.ofSeconds(10);

    /**
     * Time limit for a command, from its sending and from the last end of another device, while the run waits for
     * nothing else and the configuration sets no timeout for the device. The command continues at the drive, with the
     * driver's own limit, and the kernel's shutdown of the device sends it again. Healthy drives with large caches take
     * at most this long.
     */
    static final Duration ANSWER = Duration.ofSeconds(30);

    /** Delay of the coordinator's wakeup from which on its workers may lack CPU time as well. */
    private static final Duration STARVED = Duration.ofSeconds(1);

    private final Timeouts timeouts = new Timeouts();
    /** Includes devices that were given up, because a change that was begun there may not have ended. */
    private final Map<Integer, Flight> flights = new ConcurrentHashMap<>();

    private int count;
    private long excusedUntil = Long.MIN_VALUE;
    /**
     * When the last device ended. Drives of one kind take similar times, so the remaining ones may be about to answer.
     */
    private long lastEnd = Long.MIN_VALUE;

    /**
     * One device in flight.
     *
     * @param acting when a change was begun; before that, when the device was started
     * @param patience how long that may take
     * @param limit the configured timeout, if there is one
     */
    private record Flight(Permit permit, long start, long acting, Duration patience, Optional<Duration> limit) {
        Flight with(long since, Duration span) {
            return new Flight(permit, start, since, span, limit);
        }

        /** Returns the flight as if it had begun later. */
        Flight after(Duration pause) {
            return new Flight(permit, start + pause.toNanos(), acting + pause.toNanos(), patience, limit);
        }

        Flight actingSince(long at, Duration span) {
            return with(at, limit.filter(given -> given.compareTo(span) > 0).orElse(span));
        }
    }

    /**
     * The time limits of a device, until its method changes them.
     *
     * @param given after which time it is given up
     * @param own the limit of its method
     * @param limited whether {@code given} is configured
     */
    record Allowance(Duration given, Duration own, boolean limited) {
        Duration longest() {
            return own.compareTo(given) > 0 ? own : given;
        }
    }

    /** Returns the number of devices in flight: started, and neither ended nor given up. */
    int count() {
        return count;
    }

    /**
     * Adds a device.
     *
     * @param allowance its time limits, from its start
     */
    void begin(int device, Permit permit, long start, Allowance allowance) {
        count++;
        permit.expect(start + PREPARATION.toNanos());
        Optional<Duration> limit = allowance.limited() ? Optional.of(allowance.given()) : Optional.empty();
        flights.put(device, new Flight(permit, start, start, allowance.longest(), limit));
        timeouts.set(device, start + allowance.given().toNanos());
    }

    /**
     * Adds a device whose driver is being bound again, with a permit that is in use. It is neither counted as in flight
     * nor given up. It is added because a bind that hangs holds the device's lock, for which a shutdown waits.
     *
     * @param patience how long that may take
     */
    void bindAgain(int device, Permit permit, long start, Duration patience) {
        flights.put(device, new Flight(permit, start, start, patience, Optional.empty()));
    }

    /**
     * Records that a change was begun at a device. Only such a device can be stuck.
     *
     * @param own time limit of the change; if empty, that of the device from its start
     */
    void act(int device, long at, Optional<Duration> own) {
        flights.computeIfPresent(device, (index, flight) -> flight.actingSince(at, own.orElse(flight.patience())));
    }

    /** Removes a device that could not be started. */
    void forget(int device) {
        end(device);
        flights.remove(device);
    }

    private Flight flightOf(int device) {
        return Objects.requireNonNull(flights.get(device));
    }

    /** Returns when a device was started. */
    long startOf(int device) {
        return flightOf(device).start();
    }

    /**
     * Sets the time limit of a device, from its start. A configured timeout still determines when the device is given
     * up, but a change does not count as stuck before the limit set here.
     */
    void allow(int device, Duration patience) {
        Flight flight = flightOf(device);
        boolean shorter = flight.limit().isPresent() && patience.compareTo(flight.patience()) < 0;
        flights.put(device, flight.with(flight.acting(), shorter ? flight.patience() : patience));
        if (flight.limit().isEmpty()) {
            timeouts.set(device, flight.start() + patience.toNanos());
        }
    }

    /** Adds a pause to the time limits of a device. */
    void extend(int device, Duration pause) {
        flights.put(device, flightOf(device).after(pause));
        timeouts.extend(device, pause);
    }

    /** Records that a device has ended. */
    void end(int device) {
        count--;
        timeouts.remove(device);
    }

    /**
     * Gives a device up: its worker begins no change any more.
     *
     * @return whether a change was begun that may still be going on, by the worker or by another process
     */
    boolean giveUp(int device) {
        end(device);
        return flightOf(device).permit().withdraw();
    }

    /**
     * Returns when all devices in flight are overdue without having begun a change: nothing is left to wait for then.
     *
     * @return the time; {@link Long#MAX_VALUE} if a change was begun at one of them, or none is in flight
     */
    long stalledAt() {
        long last = count > 0 ? excusedUntil : Long.MAX_VALUE;
        for (int device : timeouts.devices()) {
            Permit permit = flightOf(device).permit();
            last = Math.max(last, permit.due());
            if (permit.isAsking() && lastEnd != Long.MIN_VALUE) {
                last = Math.max(last, lastEnd + ANSWER.toNanos());
            }
        }
        return last;
    }

    /** Records when a device ended, other than by being given up. */
    void ended(long at) {
        lastEnd = Math.max(lastEnd, at);
    }

    /**
     * Records the intended and the actual time of the coordinator's wakeup: workers without CPU time do not count as
     * overdue.
     */
    void woken(long wanted, long now) {
        if (now - wanted > STARVED.toNanos()) {
            excusedUntil = now + PREPARATION.toNanos();
        }
    }

    /**
     * Gives up the devices that are overdue and have not begun a change.
     *
     * @return the devices given up
     */
    List<Integer> giveUpStalled(long now) {
        List<Integer> stalled = timeouts.devices().stream()
                .filter(device -> flightOf(device).permit().withdrawIfDue(now))
                .toList();
        stalled.forEach(this::end);
        return stalled;
    }

    /** Returns whether a change was begun at a device and has not ended. */
    boolean isActing(int device) {
        return flights.containsKey(device) && flightOf(device).permit().isInUse();
    }

    /**
     * Withdraws a device's permit.
     *
     * @return whether a change was begun that may still be going on, by the worker or by another process
     */
    boolean withdraw(int device) {
        return flightOf(device).permit().withdraw();
    }

    /** Returns when the first time limit passes, or {@link Long#MAX_VALUE} if there is none. */
    long nextTimeout() {
        return timeouts.next();
    }

    /** Returns a device whose time limit has passed. The caller gives it up next. */
    OptionalInt takeExpired(long now) {
        return timeouts.takeExpired(now);
    }

    /** Returns the changes that were begun and have not ended, including those of devices that were given up. */
    List<Run.Unfinished> unfinished(long now, IntFunction<Device> devices) {
        return flights.entrySet().stream()
                .filter(entry -> entry.getValue().permit().isInUse())
                .map(entry -> new Run.Unfinished(
                        devices.apply(entry.getKey()),
                        Duration.ofNanos(now - entry.getValue().acting())
                                .minus(entry.getValue().patience())))
                .toList();
    }
}
