// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.plan.Reason;

/** If a path of a disk with several paths cannot go down, the stop of the disk is left to the kernel. */
class StopLeftToKernelTest extends TwoPathsTest {
    private void leaveToKernel(String address) {
        run.config = Configs.config(
                Mode.ON,
                Map.of("par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)),
                Map.of(address, Configs.settings(Settings.Shutdown.KERNEL)));
    }

    /**
     * Asserts that the stop of the disk is left to the kernel: the run sent none, and the given paths keep their
     * drivers.
     */
    private void assertStopIsLeftToKernel(String... left) {
        assertThat(stops()).isEmpty();
        for (String path : left) {
            assertThat(run.done()).doesNotContain("UNBIND " + path);
            assertThat(run.only(Event.LeftToKernel.class, path)).isNotNull();
        }
    }

    @Test
    void pathInUseLeavesTheStopToTheKernel() {
        path(hostA, A);
        run.builder.inUse(path(hostB, B), "mounted");

        poweroff();

        assertStopIsLeftToKernel(A, B);
        assertThat(run.whyLeft(A)).isInstanceOf(Reason.HeldBack.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void optedOutPathLeavesTheStopToTheKernel(String left) {
        leaveToKernel(left);
        bothPaths();

        poweroff();

        assertStopIsLeftToKernel(left);
    }

    @Test
    void failedPathLeavesTheStopToTheKernel() {
        path(hostA, A);
        run.builder.fault(path(hostB, B), Fault.UNBIND_FAILS);

        poweroff();

        assertStopIsLeftToKernel(A, B);
    }

    @Test
    void failedFirstPathIsNotReplacedForTheStop() {
        run.builder.fault(path(hostA, A), Fault.UNBIND_FAILS);
        path(hostB, B);

        poweroff();

        assertThat(run.done()).contains("UNBIND " + B);
        assertThat(stops()).isEmpty();
        assertThat(run.only(Event.LeftToKernel.class, A).reason()).isInstanceOf(Reason.Failed.class);
    }

    /** The kernel sends nothing over a dead path, so a working path must keep its driver for the stop. */
    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void diskWithADeadPathIsLeftToTheKernel(String dead) {
        String a = path(hostA, A);
        String b = path(hostB, B);
        run.builder.attribute(dead.equals(A) ? a : b, "state", "transport-offline");

        poweroff();

        assertStopIsLeftToKernel(A, B);
        assertThat(run.whyLeft(B).describe()).contains(dead + " is transport-offline");
    }

    /** A SCSI device without a state is gone. */
    @Test
    void pathKeepsItsDriverWhenTheFirstPathIsGone() {
        run.builder.attribute(run.builder.scsiDisk(hostA, A, Duration.ofSeconds(6)), "wwid", WWID);
        path(hostB, B);

        poweroff();

        assertStopIsLeftToKernel(B);
        assertThat(run.whyLeft(B).describe()).contains(A + " is gone");
    }

    /** The paths form a cycle: B depends on A, and A on an adapter that is a consumer of B. */
    @Test
    void cyclicPathsAreLeftToTheKernel() {
        path(hostA, A);
        run.builder.link(adapterA, path(hostB, B), false);

        poweroff();

        assertStopIsLeftToKernel(A, B);
        assertThat(run.whyLeft(A)).isInstanceOf(Reason.Circular.class);
    }
}
