// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Latencies;

/**
 * The shutdown times of devices: measured in earlier shutdowns, or else reported by the devices, which may state the
 * longest possible time (NVMe: RTD3 Entry Latency). Only devices that the plan handles are queried, including those in
 * use. Immutable.
 */
public final class KnownLatencies implements Latencies {
    /**
     * Minimum time before a drive that did not answer is queried again: a command that times out causes a reset of the
     * drive.
     */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private static final KnownLatencies NONE = new KnownLatencies(Map.of(), Map.of());

    private final Map<Device, Answer> answers;
    private final Map<Device, Duration> usual;

    /**
     * The answer of a device.
     *
     * @param time its shutdown time; empty if it does not report one
     * @param answered whether it answered at all
     * @param at when it was queried, by {@link System#nanoTime}
     */
    private record Answer(Optional<Duration> time, boolean answered, long at) {
        boolean isGoodAt(long now) {
            return answered || now - at < PAUSE.toNanos();
        }
    }

    private KnownLatencies(Map<Device, Answer> answers, Map<Device, Duration> usual) {
        this.answers = Map.copyOf(answers);
        this.usual = Map.copyOf(usual);
    }

    /** Returns latencies of which none is known. */
    public static KnownLatencies none() {
        return NONE;
    }

    /** Returns a copy with other times from earlier shutdowns, which take precedence over reported ones. */
    public KnownLatencies with(Map<Device, Duration> measured) {
        return measured.equals(usual) ? this : new KnownLatencies(answers, measured);
    }

    /** Returns the times from earlier shutdowns. */
    public Map<Device, Duration> usual() {
        return usual;
    }

    /**
     * Queries the shutdown time of each drive that the plan handles and that can be queried. The latency of a drive
     * that does not answer stays unknown. May block for the driver's time limit per drive.
     */
    public static KnownLatencies ask(Plan plan, Kernel kernel) {
        return NONE.renew(plan, kernel);
    }

    /**
     * Queries the drives of a newer plan of the same machine that have not answered before; a drive that did not answer
     * is queried again after ten minutes.
     */
    public KnownLatencies renew(Plan plan, Kernel kernel) {
        return renew(plan, kernel, System.nanoTime());
    }

    KnownLatencies renew(Plan plan, Kernel kernel, long now) {
        Map<Device, Answer> current = new HashMap<>();
        // A drive that the plan leaves to the kernel keeps its answer, because the plan may depend on it.
        answers.forEach((device, answer) -> {
            if (answer.answered() && plan.tree().find(device.path()).equals(Optional.of(device))) {
                current.put(device, answer);
            }
        });
        for (AskableDrive drive : AskableDrive.of(plan)) {
            Answer before = answers.get(drive.device());
            if (before != null && before.isGoodAt(now)) {
                current.put(drive.device(), before);
            } else if (drive.query().isReady(drive.classDevice(), kernel.attributes())) {
                current.put(drive.device(), ask(drive, kernel, now));
            }
        }
        return new KnownLatencies(current, usual);
    }

    /** Returns whether a plan has a drive that {@link #renew} might query. */
    public boolean isIncompleteFor(Plan plan) {
        long now = System.nanoTime();
        return AskableDrive.of(plan).stream().anyMatch(drive -> {
            Answer answer = answers.get(drive.device());
            return answer == null || !answer.isGoodAt(now);
        });
    }

    private static Answer ask(AskableDrive drive, Kernel kernel, long now) {
        try {
            return new Answer(drive.query().shutdownTime(drive.classDevice(), kernel), true, now);
        } catch (IOException e) {
            return new Answer(Optional.empty(), false, now);
        }
    }

    @Override
    public Optional<Duration> of(Device device) {
        return Optional.ofNullable(usual.get(device))
                .or(() -> Optional.ofNullable(answers.get(device)).flatMap(Answer::time));
    }
}
