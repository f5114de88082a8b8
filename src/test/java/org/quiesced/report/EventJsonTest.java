// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quiesced.device.Device;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;

/** Format of an event of a run on the control socket. */
class EventJsonTest {
    private static final Device DRIVE = new Device("/devices/nvme0", "nvme", false, Optional.empty(), Map.of());

    /** The event is created on the thread of the run, which an exception would end. */
    @ParameterizedTest
    @EnumSource
    void whateverADeferredDeviceWaitsForHasAWord(Event.Awaited awaited) {
        EventJson event = EventJson.of(new Event.Deferred(DRIVE, 0, new Reason.Cancelled(), awaited));

        assertThat(event.awaited().map(EventJson.Awaited::word))
                .contains(awaited.name().toLowerCase(Locale.ROOT));
    }

    /** A program that knows the kinds of events must not meet another one. */
    @Test
    void theStopOfADiskIsNoEventOfTheSocket() {
        assertThat(EventJson.isReported(new Event.Stopping(DRIVE, 0))).isFalse();
        assertThat(EventJson.isReported(new Event.Flushed(DRIVE, 0))).isTrue();
    }
}
