// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.util.HashMap;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;

/**
 * The time at which the hook of a run that hands over to the kernel returns.
 *
 * @param at the time from which on all unfinished devices are in flight and the kernel waits for them, in nanoseconds
 *     from the start of the run
 * @param inFlight the devices whose drivers are being unbound at that time, and when that ends, in nanoseconds from
 *     {@code at}
 */
public record Handover(long at, Map<Device, Long> inFlight) {
    /** Returns the time in a run that has ended. */
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

    /** Returns the end of a run whose hook waited for it. */
    public static Handover none(Timeline timeline) {
        return new Handover(timeline.took().toNanos(), Map.of());
    }
}
