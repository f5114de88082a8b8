// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.quiesced.shutdown.Verb;

/** After any fault during the stop of a stack, each drive is down, or unchanged and left to the kernel. */
class HolderFaultsTest {
    @Test
    void faultsOfHoldersDoNoHarmToTheirDrives() {
        AtomicInteger stops = new AtomicInteger();
        Campaign campaign = new Campaign(trial -> stops.addAndGet((int) trial.kernel().calls().stream()
                .filter(call -> call.site == Site.STOP_HOLDER && call.succeeded)
                .count()));
        long seed = 0;
        for (Course course : List.of(
                Course.LATE_ALONE,
                Course.early(300),
                new Course(Course.Kind.EXITRD, 300, Optional.empty()),
                new Course(Course.Kind.CANCEL, 300, Optional.empty()),
                new Course(Course.Kind.ABANDON, 300, Optional.empty()))) {
            campaign.exhaust(new Scenario("stack", Verb.REBOOT, course, seed++, List.of()), 1);
        }

        assertThat(campaign.failures()).isEmpty();
        assertThat(stops).as("holders that were stopped").hasPositiveValue();
    }
}
