// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.shutdown.Verb;

/** A shutdown that exceeds its configured limit is ended by force, whatever holds it up. */
class ShutdownLimitTest extends GuardedShutdownTest {
    private static Config limited(Duration limit) {
        return config(Optional.empty(), Optional.of(limit));
    }

    @Test
    void limitCountsFromTheFirstRequest() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(50)), plan);
        guard.check();
        assertThat(sysRq.calls()).isEmpty();
        Thread.sleep(60);
        // A later phase does not restart the limit.
        guard.late(Verb.REBOOT, limited(Duration.ofMillis(50)), plan);

        guard.check();

        assertThat(deeds()).containsExactly("sync", "remount read-only", "restart");
        assertThat(sysRq.calls().get(0)).isEqualTo("say the shutdown has not ended within 50ms; restarting by force");
    }

    @Test
    void limitHoldsWithoutARun() throws InterruptedException {
        guard.begin(Verb.POWEROFF, limited(Duration.ofMillis(1)), plan);
        watchInTheBackground();

        untilDone("power off");
    }

    @Test
    void limitEndsWithACancelledShutdown() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(1)), plan);
        guard.cancel();
        Thread.sleep(5);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void limitForcesNothingWhileTheSystemManagerIsUp() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(1)), plan);
        Thread.sleep(5);
        isUp = true;

        guard.check();
        assertThat(sysRq.calls()).isEmpty();

        isUp = false;
        guard.check();
        assertThat(deeds()).endsWith("restart");
    }

    @Test
    void limitOfTheNextShutdownCountsFromItsOwnRequest() throws InterruptedException {
        guard.begin(Verb.REBOOT, limited(Duration.ofMillis(1)), plan);
        guard.cancel();
        Thread.sleep(5);
        guard.begin(Verb.REBOOT, limited(Duration.ofHours(1)), plan);

        guard.check();

        assertThat(sysRq.calls()).isEmpty();
    }
}
