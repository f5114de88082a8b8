// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;

/** Rules for each NVMe controller with the kernel's driver on any transport. The controller is {@code nvme0}. */
abstract class FlushedDriveTest {
    final MethodRun run = new MethodRun();

    /** Returns the path of the controller's device. */
    abstract String drive();

    /** Returns the step by which the driver leaves the controller. */
    abstract String departure();

    Ending reboot() throws IOException {
        return run.shutdown(drive(), Verb.REBOOT);
    }

    @Test
    void driveIsFlushedBeforeItsUnbind() throws IOException {
        assertThat(reboot()).isEqualTo(new Ending.Down());

        assertThat(run.done()).containsExactly("FLUSH nvme0n1", departure());
        assertThat(run.flushed).isTrue();
    }

    @Test
    void flushCanBeSwitchedOff() throws IOException {
        run.shutdown(drive(), Configs.settings(Settings.Flush.NEVER), Verb.REBOOT);

        assertThat(run.done()).containsExactly(departure());
    }

    @Test
    void failedIdentifyKeepsTheDriver() {
        run.builder.fault(drive(), Fault.IDENTIFY_FAILS);

        assertThatThrownBy(this::reboot).hasMessageContaining("Identify failed");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void failedFlushKeepsTheDriver() {
        run.builder.fault(drive(), Fault.FLUSH_FAILS);

        assertThatThrownBy(this::reboot).hasMessageContaining("Flush failed");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void driveThatWasGivenUpKeepsItsDriver() {
        run.acts = 0;

        assertThatThrownBy(this::reboot).isInstanceOf(GivenUpException.class);
        assertThat(run.done()).containsExactly("FLUSH nvme0n1");
    }

    @Test
    void flushIsNotBegunAfterTheDeadline() {
        run.deadline = Duration.ZERO;

        assertThatThrownBy(this::reboot).isInstanceOf(GivenUpException.class);
        assertThat(run.done()).isEmpty();
    }
}
