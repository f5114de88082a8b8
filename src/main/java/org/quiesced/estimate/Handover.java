// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.util.HashMap;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;

/**
 * When the hook of a run returns that hands over to the kernel.
 *
 * @param at the time from which on nothing is left to do but what the kernel waits for, in nanoseconds from the start
 *     of the run
 * @param inFlight the devices whose drivers are being unbound then, and when that ends, in nanoseconds from {@code at}
 */
public record Handover(long at, Map<Device, Long> inFlight) {
    /** Finds the moment in a run that has ended. */
    public static Handover of(Timeline timeline) {
        Map<Device, Long> withKernel = new HashMap<>();
        Map<Device, Long> ended = new HashMap<>();
        for (Event event : timeline.events()) {
            if (event instanceof Event.Unbinding unbinding
                    && unbinding.removal().endsWithDriver()
                    && !unbinding.removal().lacksStepOf(timeline.verb())) {
                withKernel.put(event.device(), event.at());
            } else if (event instanceof Event.Done || event instanceof Event.Finished) {
                withKernel.putIfAbsent(event.device(), event.at());
                ended.put(event.device(), event.at());
            } else if (event instanceof Event.LeftToKernel) {
                withKernel.putIfAbsent(event.device(), event.at());
            }
        }
        long at = withKernel.values().stream().mapToLong(Long::longValue).max().orElse(0);
        ended.values().removeIf(end -> end <= at);
        ended.replaceAll((device, end) -> end - at);
        return new Handover(at, Map.copyOf(ended));
    }

    /** Returns the moment of a run that has ended and whose hook waited for that. */
    public static Handover none(Timeline timeline) {
        return new Handover(timeline.took().toNanos(), Map.of());
    }
}
