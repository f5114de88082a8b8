// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** Numbers and records the calls of a run, and injects faults into them. */
final class FaultyCalls {
    /** The first calls of a device's task. */
    private static final Set<Site> TASK_BEGINS =
            EnumSet.of(Site.IS_BOUND, Site.IS_THERE, Site.STOP, Site.BIND, Site.ANNOUNCE);

    private final Lockstep time;
    private final List<Injection> injections;
    private final DiskHistory disks;
    private final List<Call> calls = new ArrayList<>();
    private final Map<Injection, Call> befallen = new HashMap<>();
    private final Map<Integer, Device> tasks = new HashMap<>();
    private final long begin;
    private boolean partOnly;
    private int sequence;

    FaultyCalls(SimulatedKernel kernel, Stage stage, Lockstep time, List<Injection> injections) {
        this.time = time;
        this.injections = injections;
        this.begin = time.now();
        this.disks = new DiskHistory(kernel, stage, this::place);
    }

    /** What a call does unless a fault prevents it. */
    @FunctionalInterface
    interface Body<T> {
        T run() throws IOException;
    }

    /** What a call without a result does. */
    @FunctionalInterface
    interface Act {
        void run() throws IOException;
    }

    /** Returns the calls so far, in the order of their beginnings. */
    List<Call> made() {
        return calls;
    }

    DiskHistory disks() {
        return disks;
    }

    /** Returns the next position in the sequence of calls, returns and events. */
    int place() {
        return sequence++;
    }

    /** Returns the time of the run's clock. */
    long now() {
        return time.now();
    }

    /** Returns whether the call that is executed is to give a part of its result only. */
    boolean takePartOnly() {
        boolean part = partOnly;
        partOnly = false;
        return part;
    }

    private Call begin(Site site, Device device, String text) {
        // A worker's check whether it may act and the act itself are atomic, so do not give way before a change.
        if (!site.changes() && site != Site.START && site != Site.START_RESERVED) {
            time.giveWay();
        }
        if (TASK_BEGINS.contains(site)) {
            tasks.put(time.strand(), device);
        }
        Call call = new Call(
                calls.size(), site, device, tasks.get(time.strand()), time.strand(), place(), time.now() - begin);
        call.text = text;
        calls.add(call);
        return call;
    }

    /** Executes a call that has no result. */
    void act(Site site, Device device, Act body) throws IOException {
        act(site, device, "", body);
    }

    /**
     * Executes a call that has no result.
     *
     * @param text the attribute and the value of a write
     */
    void act(Site site, Device device, String text, Act body) throws IOException {
        call(site, device, text, () -> {
            body.run();
            return true;
        });
    }

    /**
     * Executes a call.
     *
     * @param device the device that it concerns; null if it concerns none
     */
    <T> T call(Site site, Device device, Body<T> body) throws IOException {
        return call(site, device, "", body);
    }

    /**
     * Executes a call.
     *
     * @param text the attribute and the value of a write, or the name of an attribute that is read
     */
    <T> T call(Site site, Device device, String text, Body<T> body) throws IOException {
        Call call = begin(site, device, text);
        try {
            for (Injection injection : injections) {
                // After a first fault, the number of the second may denote a call that cannot have this fault.
                if (befalls(injection, call) && call.site.faults().contains(injection.wrong())) {
                    happen(injection.wrong(), call);
                }
            }
            if (device != null && disks.hasVanished(device)) {
                throw new NoSuchFileException(device.name(), null, site + ": No such device");
            }
            T result = body.run();
            call.succeeded = true;
            return result;
        } finally {
            call.ended = place();
            call.to = time.now() - begin;
        }
    }

    private boolean befalls(Injection injection, Call call) {
        if (injection.call() == call.number) {
            befallen.put(injection, call);
            return true;
        }
        Call first = befallen.get(injection);
        return injection.forGood()
                && first != null
                && first.site == call.site
                && (first.device == null ? call.device == null : first.device.equals(call.device));
    }

    private void happen(Wrong wrong, Call call) throws IOException {
        switch (wrong.kind()) {
            case FAILS -> {
                String error = call.site.error(wrong.number());
                if (error.equals("in use")) {
                    throw new DeviceInUseException(call.device, new User.Described("somebody"));
                }
                throw new IOException(call.device + ": " + call.site + ": " + error);
            }
            case LATE -> time.spend(wrong.number() * 1_000_000_000L);
            case DEFECT -> {
                if (Site.DEFECTS.get(wrong.number()).equals("defect")) {
                    throw new IllegalStateException("injected into " + call.site);
                }
                throw new OutOfMemoryError("injected into " + call.site);
            }
            case PARTIAL -> partOnly = true;
            case VANISHES -> disks.vanish(call.device);
            case MOUNTED -> disks.mountFirstOf(call.device);
            case WRITTEN -> disks.writeToFirstOf(call.device);
        }
    }

    /** Executes a call that reports a failure by an empty result. */
    <T> Optional<T> orNothing(Site site, Device device, String text, Body<Optional<T>> body) {
        try {
            return call(site, device, text, body);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
