// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.quiesced.device.Device;

/**
 * The devices that workers are at, with their permits and their times. The coordinator changes it; {@link #unfinished} may be asked by any thread.
 * Times are those of the pool's clock.
 */
final class Flights {
    /**
     * How long a step may take with which nothing is begun and nothing is asked of the drive: reading sysfs, opening a disk. It takes
     * milliseconds; an open waits for the error handling of a SCSI host ({@code scsi_block_when_processing_errors}), which may last for
     * minutes, and which the kernel's own shutdown of other disks does not wait for.
     */
    static final Duration PREPARATION = Duration.ofSeconds(10);

    /**
     * How long a drive may leave a command without an answer while no other device ends, if nothing else is waited for, and the configuration
     * gives the device no time of its own. The command goes on at
     * the drive, with the driver's own limit, and the kernel's shutdown of the device sends it again. Healthy drives with large caches take
     * that long at most.
     */
    static final Duration ANSWER = Duration.ofSeconds(30);

    /** If the coordinator comes to its turn that much too late, so may the workers. */
    private static final Duration STARVED = Duration.ofSeconds(1);

    private final Timeouts timeouts = new Timeouts();
    /** Also those that were given up, for something may have been begun at them that goes on. */
    private final Map<Integer, Flight> flights = new ConcurrentHashMap<>();

    private int count;
    private long excusedUntil = Long.MIN_VALUE;
    /** When the last device ended: drives that are alike take alike, so those that are left may be about to answer. */
    private long lastEnd = Long.MIN_VALUE;

    /**
     * One device.
     *
     * @param acting since when something is being changed at it; its start before that
     * @param patience how long that may take
     * @param limit when it is given up, if the configuration says so
     */
    private record Flight(Permit permit, long start, long acting, Duration patience, Optional<Duration> limit) {
        Flight with(long since, Duration span) {
            return new Flight(permit, start, since, span, limit);
        }

        Flight actingSince(long at, Duration span) {
            return with(at, limit.filter(given -> given.compareTo(span) > 0).orElse(span));
        }
    }

    /**
     * How long a device may take, until it says otherwise.
     *
     * @param given when it is given up
     * @param own what its method allows for, whatever the configuration says
     * @param limited whether the first is from the configuration
     */
    record Allowance(Duration given, Duration own, boolean limited) {
        Duration longest() {
            return own.compareTo(given) > 0 ? own : given;
        }
    }

    /** Returns how many devices are in flight: started, neither ended nor given up. */
    int count() {
        return count;
    }

    /**
     * Adds a device.
     *
     * @param allowance how long it may take from its start
     */
    void begin(int device, Permit permit, long start, Allowance allowance) {
        count++;
        permit.expect(start + PREPARATION.toNanos());
        Optional<Duration> limit = allowance.limited() ? Optional.of(allowance.given()) : Optional.empty();
        flights.put(device, new Flight(permit, start, start, allowance.longest(), limit));
        timeouts.set(device, start + allowance.given().toNanos());
    }

    /**
     * Adds a device whose driver is being bound again, with a permit that is in use. Nobody counts it among those in flight or gives it up, but what
     * hangs there holds the device's lock, and a shutdown waits for that.
     *
     * @param patience how long that may take
     */
    void bindAgain(int device, Permit permit, long start, Duration patience) {
        flights.put(device, new Flight(permit, start, start, patience, Optional.empty()));
    }

    /**
     * Takes note that from now on something is changed at a device: only that can be stuck.
     *
     * @param own how long that may take; if empty, as long as the device from its start
     */
    void act(int device, long at, Optional<Duration> own) {
        flights.computeIfPresent(device, (index, flight) -> flight.actingSince(at, own.orElse(flight.patience())));
    }

    /** Removes a device that could not be started after all. */
    void forget(int device) {
        end(device);
        flights.remove(device);
    }

    /** Returns when a device was started. */
    long startOf(int device) {
        return flights.get(device).start();
    }

    /**
     * Gives a device that long from its start. What the configuration says stays: then it is given up. But what is begun by then
     * is not stuck before the device's own time is over.
     */
    void allow(int device, Duration patience) {
        Flight flight = flights.get(device);
        boolean shorter = flight.limit().isPresent() && patience.compareTo(flight.patience()) < 0;
        flights.put(device, flight.with(flight.acting(), shorter ? flight.patience() : patience));
        if (flight.limit().isEmpty()) {
            timeouts.set(device, flight.start() + patience.toNanos());
        }
    }

    /** Takes note that a device has ended. */
    void end(int device) {
        count--;
        timeouts.remove(device);
    }

    /**
     * Gives a device up: its worker begins nothing more.
     *
     * @return whether something was begun that goes on, by the worker or by somebody else
     */
    boolean giveUp(int device) {
        end(device);
        return flights.get(device).permit().withdraw();
    }

    /**
     * Returns when all devices in flight hang before anything was begun: there is nothing to wait for then.
     *
     * @return {@link Long#MAX_VALUE} if something goes on at one of them, or none is in flight
     */
    long stalledAt() {
        long last = count > 0 ? excusedUntil : Long.MAX_VALUE;
        for (int device : timeouts.devices()) {
            Permit permit = flights.get(device).permit();
            last = Math.max(last, permit.due());
            if (permit.isAsking() && lastEnd != Long.MIN_VALUE) {
                last = Math.max(last, lastEnd + ANSWER.toNanos());
            }
        }
        return last;
    }

    /** Takes note of when a device has ended by itself. */
    void ended(long at) {
        lastEnd = Math.max(lastEnd, at);
    }

    /** Takes note of when the coordinator wanted to wake up and of when it did: a process that gets no processor does not hang. */
    void woken(long wanted, long now) {
        if (now - wanted > STARVED.toNanos()) {
            excusedUntil = now + PREPARATION.toNanos();
        }
    }

    /**
     * Gives those devices up that hang before anything was begun.
     *
     * @return which
     */
    List<Integer> giveUpStalled(long now) {
        List<Integer> stalled = timeouts.devices().stream()
                .filter(device -> flights.get(device).permit().withdrawIfDue(now))
                .toList();
        stalled.forEach(this::end);
        return stalled;
    }

    /** Returns whether something was begun at a device that has not ended. */
    boolean isActing(int device) {
        return flights.containsKey(device) && flights.get(device).permit().isInUse();
    }

    /**
     * Withdraws a device's permit.
     *
     * @return whether something was begun that goes on, by the worker or by somebody else
     */
    boolean withdraw(int device) {
        return flights.get(device).permit().withdraw();
    }

    /** Returns when the time of the first device is over, or {@link Long#MAX_VALUE}. */
    long nextTimeout() {
        return timeouts.next();
    }

    /** Returns a device whose time is over. It is to be given up next. */
    OptionalInt takeExpired(long now) {
        return timeouts.takeExpired(now);
    }

    /** Returns what was begun and has not ended, whether it was given up or not. */
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
