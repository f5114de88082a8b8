// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.quiesced.config.TimeSpan;
import org.quiesced.device.Device;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Removal;
import org.quiesced.shutdown.Verb;

/** Counts the devices of a run for the hook. The run's thread reports events; any thread may query and wait. */
public final class Progress implements Consumer<Event> {
    /** Stage of a run. */
    enum Stage {
        /** No removal of a driver has begun. */
        BEGINNING,
        /** The first device is on its way. */
        ON_ITS_WAY,
        /** The kernel's own walk waits for all that is left to do, apart from devices that wait for the next hook. */
        WITH_THE_KERNEL,
        /** The run has ended. */
        ENDED
    }

    private final long begin = System.nanoTime();
    /** The devices that this run shuts down; empty before {@link #begin}. */
    private Optional<Set<Device>> ours = Optional.empty();

    private final Map<Device, Removal> removals = new HashMap<>();
    private final Set<Device> finished = new HashSet<>();
    /** Devices that wait for the hook of the exitrd. */
    private final Set<Device> deferred = new HashSet<>();

    private Verb verb;
    /** Expected duration of the run; empty if unknown. */
    private Optional<Duration> expected = Optional.empty();
    /** Whether another hook follows, in an exitrd. */
    private boolean followed;

    private boolean onItsWay;
    private boolean ended;
    private int down;

    /** Creates the count of a run that has not begun. */
    public Progress(Verb verb) {
        this.verb = verb;
    }

    /** Begins the count: all devices that the plan handles are pending. */
    public synchronized void begin(PreparedPlan prepared) {
        ours = Optional.of(new HashSet<>(prepared.devices()));
        notifyAll();
    }

    /** Sets the expected duration of the run; empty if unknown. */
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
     * Sets the verb of the late phase, which may require one more step of devices that are down.
     *
     * @param another whether the hook of an exitrd follows; devices that wait for it do not count as pending then
     */
    public synchronized void late(Verb newVerb, boolean another) {
        verb = newVerb;
        followed = another;
        finished.removeIf(this::lacksStep);
        notifyAll();
    }

    /** Records that the run has ended. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Returns the stage of the run. */
    synchronized Stage stage() {
        if (ended) {
            return Stage.ENDED;
        }
        if (ours.isPresent() && ours.get().stream().allMatch(this::isWithTheKernel)) {
            return Stage.WITH_THE_KERNEL;
        }
        return onItsWay ? Stage.ON_ITS_WAY : Stage.BEGINNING;
    }

    /**
     * Returns whether nothing is left to do at a device, or only what the kernel's walk waits for: it waits for a
     * driver that is being unbound, but not for a step after that.
     */
    private boolean isWithTheKernel(Device device) {
        return finished.contains(device)
                || followed && isForTheExitrd(device)
                || removals.containsKey(device) && removals.get(device).endsWithDriver() && !lacksStep(device);
    }

    /**
     * Returns whether the hook of the exitrd waits for a device. That includes devices in flight for which the kernel's
     * walk does not wait, so that the present hook does not delay the exitrd.
     */
    private boolean isForTheExitrd(Device device) {
        return deferred.contains(device)
                || removals.containsKey(device) && !removals.get(device).delaysWalk();
    }

    /** Returns whether the present verb requires one more step after the driver is gone. */
    private boolean lacksStep(Device device) {
        return removals.containsKey(device) && removals.get(device).lacksStepOf(verb);
    }

    /** Returns whether a device of this run is not down yet, and not left to the kernel. */
    public synchronized boolean isToCome(Device device) {
        return ours.isEmpty() || ours.get().contains(device) && !finished.contains(device);
    }

    /** Returns the devices whose driver is being unbound, or is about to be, and for which the kernel's walk waits. */
    synchronized Set<Device> inFlight() {
        return removals.entrySet().stream()
                .filter(entry -> entry.getValue().delaysWalk() && !finished.contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Waits until the run is in another stage, or for {@code longest}. */
    synchronized void awaitAfter(Stage stage, Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); stage() == stage && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /**
     * Returns the progress as a line, for example {@code 18 of 24 down, 6 to go, 4.20s}, with {@code (5.10s expected)}
     * while anything is left to do and that is known.
     */
    synchronized String line() {
        int all = ours.map(Set::size).orElse(0);
        String line = down + " of " + all + " down, " + (all - down) + " to go, "
                + TimeSpan.format(Duration.ofNanos(System.nanoTime() - begin));
        return down == all || ended || expected.isEmpty()
                ? line
                : line + " (" + TimeSpan.format(expected.get()) + " expected)";
    }
}
