// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Early;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Phase;
import org.quiesced.kernel.Verb;
import org.quiesced.method.Target;

/** Only what was seen to be released goes down early, for what is never claimed may have users that nobody sees. */
class EarlyRuleTest {
    private static Device device(String name) {
        return new Device("/devices/" + name, "block", false, Optional.empty(), Map.of());
    }

    private static Optional<Reason> obstacle(Early early, Set<String> hadUser, String... disks) {
        Target target = new Target(
                device("drive"), Stream.of(disks).map(EarlyRuleTest::device).toList(), Optional.empty(), Settings.NONE);
        return new EarlyRule(early, Verb.REBOOT, disk -> hadUser.contains(disk.name())).apply(target);
    }

    @Test
    void released() {
        assertThat(obstacle(Early.RELEASED, Set.of("n1", "n2"), "n1", "n2")).isEmpty();
    }

    @Test
    void oneDiskThatNobodyEverClaimedIsEnoughToWait() {
        assertThat(obstacle(Early.RELEASED, Set.of("n1"), "n1", "n2")).contains(new Reason.NotReleased());
    }

    @Test
    void aDriveWithoutADiskWaits() {
        assertThat(obstacle(Early.RELEASED, Set.of())).contains(new Reason.NotReleased());
    }

    @Test
    void free() {
        assertThat(List.of(obstacle(Early.FREE, Set.of(), "n1"), obstacle(Early.FREE, Set.of())))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void never() {
        assertThat(obstacle(Early.NEVER, Set.of("n1"), "n1")).contains(new Reason.OtherPhase(Phase.EARLY, Verb.REBOOT));
    }
}
