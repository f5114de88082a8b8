// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains why a device went down late: what it waited for, and what it spent its time on. */
public final class Lateness {
    /** Shortest wait that is mentioned, in seconds. */
    private static final double SHORTEST = 0.05;

    /** Shortest step that is mentioned of a device whose usual time is not known, in seconds. */
    private static final double LONG = 1;

    private final ShutdownRecord record;
    private final Waits waits;

    /** Prepares the explanations of a shutdown. */
    public Lateness(ShutdownRecord record) {
        this(record, new Waits(record));
    }

    /** Prepares the explanations of a shutdown whose waits are known. */
    Lateness(ShutdownRecord record, Waits waits) {
        this.record = record;
        this.waits = waits;
    }

    /**
     * Returns why a device went down late, without its name, for example {@code waited 6.00s for the serial lane, at
     * last for 0:0:2:0 (sdc); its flush took 8.00s}; empty if it began at once and took its usual time.
     */
    public Optional<String> of(DeviceRecord device) {
        List<String> causes = waits(device);
        RecordText.slowness(device, record)
                .map(slow -> slow
                        + mainStep(device)
                                .map(step -> ", most of it by " + step)
                                .orElse(""))
                .or(() -> longStep(device))
                .ifPresent(causes::add);
        return joined(causes);
    }

    /** Returns the same for the sentence of a device whose slowness has a sentence of its own. */
    Optional<String> besidesSlowness(DeviceRecord device) {
        return device.slowness(record).isPresent() ? joined(waits(device)) : of(device);
    }

    private static Optional<String> joined(List<String> causes) {
        return causes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", causes));
    }

    private List<String> waits(DeviceRecord device) {
        List<String> causes = new ArrayList<>();
        if (device.start().isPresent() && device.outcome().isOurs()) {
            device.deferred().ifPresent(type -> causes.add(deferral(device, type)));
            wait(device).ifPresent(causes::add);
        }
        return causes;
    }

    private String deferral(DeviceRecord device, String type) {
        String phase = device.phase().orElse("late");
        String time = record.at(Mark.EARLY)
                .or(() -> record.at(Mark.NETWORK))
                .map(early -> waits.phaseBegin(device) - early)
                .filter(wait -> wait >= SHORTEST)
                .map(wait -> " " + RecordText.seconds(wait))
                .orElse("");
        return "waited" + time + " for the " + phase + (phase.equals("exitrd") ? "" : " phase") + ", because "
                + describe(type);
    }

    /** Returns for what a device waited in its phase: until the end of the last device that it waited for. */
    private Optional<String> wait(DeviceRecord device) {
        return waits.last(device)
                .filter(wait -> time(wait, device) >= SHORTEST)
                .map(wait -> "waited " + RecordText.seconds(time(wait, device))
                        + switch (wait.cause()) {
                            case DEPENDENT -> " for " + wait.on().label() + ", which depends on it";
                            case SERIAL_LANE ->
                                " for the serial lane, at last for " + wait.on().label();
                            case KERNEL_WALK ->
                                " in the kernel's walk for " + wait.on().label();
                        });
    }

    private double time(Waits.Wait wait, DeviceRecord device) {
        return wait.on().end().orElse(0.0) - waits.phaseBegin(device);
    }

    private static String describe(String type) {
        return switch (type) {
            case "in_use" -> "it was in use";
            case "use_unknown" -> "its users could not be determined";
            case "not_released" -> "no user was seen to release it";
            case "other_phase" -> "the configuration excludes it from the phase before";
            case "held_back" -> "a device that depends on it had to wait";
            case "not_working" -> "it did not work";
            case "suspended" -> "it was suspended";
            case "owned" -> "another program owned it";
            case "other_driver" -> "it had another driver";
            default -> "of " + type.replace('_', ' ');
        };
    }

    /** Returns a flush, or a check of users, that took most of the time: neither is the drive's own shutdown. */
    private static Optional<String> longStep(DeviceRecord device) {
        return steps(device).stream()
                .filter(step -> step.isUnusual() && step.took() >= LONG && isMost(step, device))
                .findFirst()
                .map(step -> step.name() + " took " + RecordText.seconds(step.took()));
    }

    private static Optional<String> mainStep(DeviceRecord device) {
        return steps(device).stream()
                .filter(step -> isMost(step, device))
                .findFirst()
                .map(Step::name);
    }

    private static boolean isMost(Step step, DeviceRecord device) {
        return device.took().filter(took -> step.took() > took / 2).isPresent();
    }

    /**
     * A step of a shutdown.
     *
     * @param took its duration, in seconds
     * @param isUnusual whether it takes little time as a rule
     */
    private record Step(String name, double took, boolean isUnusual) {}

    private static List<Step> steps(DeviceRecord device) {
        List<Step> steps = new ArrayList<>();
        add(steps, "its flush", device.start(), device.flushed(), true);
        add(steps, "the check of its users", device.flushed().or(device::start), device.removal(), true);
        add(steps, "the removal of its driver", device.removal(), device.stop().or(device::end), false);
        add(steps, "its stop", device.stop(), device.end(), false);
        return steps;
    }

    private static void add(
            List<Step> steps, String name, Optional<Double> from, Optional<Double> to, boolean isUnusual) {
        from.ifPresent(begin -> to.ifPresent(end -> steps.add(new Step(name, end - begin, isUnusual))));
    }
}
