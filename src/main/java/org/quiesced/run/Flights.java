// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.quiesced.device.Device;

/**
 * The devices that workers are at, with their permits and their times. The coordinator changes it; {@link #unfinished} may be asked by any thread.
 * Times are those of the crew's clock.
 */
final class Flights {
    private final Timeouts timeouts = new Timeouts();
    /** Also those that were given up, for something may have been begun at them that goes on. */
    private final Map<Integer, Flight> flights = new ConcurrentHashMap<>();

    private int count;

    /**
     * One device.
     *
     * @param due when its time is over
     */
    private record Flight(Permit permit, long start, long due, boolean limited) {}

    /** Returns how many devices are in flight: started, neither ended nor given up. */
    int count() {
        return count;
    }

    /**
     * Adds a device.
     *
     * @param patience how long it may take from its start
     * @param limited whether the configuration says so, so that the device itself has no say
     */
    void begin(int device, Permit permit, long start, Duration patience, boolean limited) {
        count++;
        long due = start + patience.toNanos();
        flights.put(device, new Flight(permit, start, due, limited));
        timeouts.set(device, due);
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

    /** Gives a device that long from its start. Its own wish does not outdo the configuration, but what is begun then is not stuck before. */
    void allow(int device, Duration patience) {
        Flight flight = flights.get(device);
        long due = flight.start() + patience.toNanos();
        flights.put(
                device,
                new Flight(
                        flight.permit(),
                        flight.start(),
                        flight.limited() ? Math.max(due, flight.due()) : due,
                        flight.limited()));
        if (!flight.limited()) {
            timeouts.set(device, due);
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
     * @return whether something was begun that goes on
     */
    boolean giveUp(int device) {
        end(device);
        return flights.get(device).permit().withdraw();
    }

    /** Returns whether something was begun at a device, whether it was given up or not. */
    boolean hasBegun(int device) {
        return flights.containsKey(device) && flights.get(device).permit().isUsed();
    }

    /** Withdraws a device's permit, and goes on waiting for its worker. */
    void withdraw(int device) {
        flights.get(device).permit().withdraw();
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
                        Duration.ofNanos(now - entry.getValue().due())))
                .toList();
    }
}
