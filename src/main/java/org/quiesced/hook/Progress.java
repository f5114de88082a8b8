// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.quiesced.device.Device;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Removal;
import org.quiesced.shutdown.Verb;

/** Counts the devices of a run. The run's thread tells it, any other may ask and wait. */
public final class Progress implements Consumer<Event> {
    /** Stage of a run, for a thread that waits for it. */
    enum Stage {
        /** Nothing has been begun that the kernel would wait for. */
        BEGINNING,
        /** The first device is on its way. */
        ON_ITS_WAY,
        /** The kernel's own walk waits for all that is left to do, but for what another hook is to begin. */
        WITH_THE_KERNEL,
        /** The run has ended. */
        ENDED
    }

    private final long begin = System.nanoTime();
    /** The devices that go down by us, once they are known. */
    private Optional<Set<Device>> ours = Optional.empty();

    private final Map<Device, Removal> removals = new HashMap<>();
    private final Set<Device> finished = new HashSet<>();
    /** Devices that wait for the hook of the exitrd. */
    private final Set<Device> deferred = new HashSet<>();

    private Verb verb;
    /** How long the run is expected to take; empty if that is not known. */
    private Optional<Duration> expected = Optional.empty();
    /** Whether another hook follows, in an exitrd. */
    private boolean followed;

    private boolean onItsWay;
    private boolean ended;
    private int down;

    /** Makes the count of a run that has not begun. */
    public Progress(Verb verb) {
        this.verb = verb;
    }

    /**
     * Begins to count.
     *
     * @param prepared its devices that go down by us are all pending from now on, before the run has said a word
     */
    public synchronized void begin(PreparedPlan prepared) {
        ours = Optional.of(new HashSet<>(prepared.devices()));
        notifyAll();
    }

    /** Sets how long the run is expected to take, if that is known. */
    public synchronized void expect(Optional<Duration> time) {
        expected = time;
    }

    @Override
    public synchronized void accept(Event event) {
        Device device = event.device();
        if (event instanceof Event.Unbinding unbinding) {
            onItsWay = true;
            removals.put(device, unbinding.removal());
        } else if (event instanceof Event.Done) {
            onItsWay = true;
            if (!lacksStep(device)) {
                finished.add(device);
            }
            down++;
        } else if (event instanceof Event.Finished) {
            finished.add(device);
        } else if (event instanceof Event.LeftToKernel left) {
            ours.orElseThrow().remove(device);
            if (!left.reason().inFlight()) {
                removals.remove(device);
            }
        } else if (event instanceof Event.Deferred put) {
            removals.remove(device);
            if (put.awaited() == Event.Awaited.EXITRD) {
                deferred.add(device);
            }
        } else {
            return;
        }
        notifyAll();
    }

    /**
     * Sets the verb that the machine is about to carry out. Devices that are down may have to be stopped for it.
     *
     * @param another whether another hook follows, in an exitrd: nothing is pending then at what waits for that
     */
    public synchronized void late(Verb newVerb, boolean another) {
        verb = newVerb;
        followed = another;
        finished.removeIf(this::lacksStep);
        notifyAll();
    }

    /** Says that the run has ended. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Returns how far the run is. */
    synchronized Stage stage() {
        if (ended) {
            return Stage.ENDED;
        }
        if (ours.isPresent() && ours.get().stream().allMatch(this::isWithTheKernel)) {
            return Stage.WITH_THE_KERNEL;
        }
        return onItsWay ? Stage.ON_ITS_WAY : Stage.BEGINNING;
    }

    /** The kernel's walk waits for a driver that is being taken away, and for nothing that comes after it. */
    private boolean isWithTheKernel(Device device) {
        return finished.contains(device)
                || followed && isForTheExitrd(device)
                || removals.containsKey(device) && removals.get(device).endsWithDriver() && !lacksStep(device);
    }

    /**
     * The hook of the exitrd waits for all that is left to do. Devices in flight are left to it alone if the kernel's
     * walk does not wait for them in any case, so that no hook delays what comes before the exitrd.
     */
    private boolean isForTheExitrd(Device device) {
        return deferred.contains(device)
                || removals.containsKey(device) && !removals.get(device).delaysWalk();
    }

    /** The run does one step more for the verb that holds now. */
    private boolean lacksStep(Device device) {
        return removals.containsKey(device) && removals.get(device).lacksStepOf(verb);
    }

    /**
     * Returns the devices whose driver is about to be taken away, or is just being, and for which the walk waits then.
     */
    synchronized Set<Device> inFlight() {
        return removals.entrySet().stream()
                .filter(entry -> entry.getValue().delaysWalk() && !finished.contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Waits until the run has left a stage, or so much time has passed. */
    synchronized void awaitAfter(Stage stage, Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); stage() == stage && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /**
     * Returns a line for a person who waits, for example {@code 18 of 24 down, 6 to go, 4.2 s}, and while anything is
     * to be done also {@code (5.1 s expected)}, if that is known.
     */
    synchronized String line() {
        int all = ours.map(Set::size).orElse(0);
        String counts = String.format(
                Locale.ROOT,
                "%d of %d down, %d to go, %.1f s",
                down,
                all,
                all - down,
                (System.nanoTime() - begin) / 1e9);
        return down == all || ended || expected.isEmpty()
                ? counts
                : counts
                        + String.format(
                                Locale.ROOT,
                                " (%.1f s expected)",
                                expected.get().toNanos() / 1e9);
    }
}
