// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A kernel with the parameter {@code core.async_shutdown}: the daemon notices changes of the parameter and never writes
 * it, the hook hands over, and the root drive needs no exitrd. Where the guest's kernel has no such parameter, a module
 * makes it, and the kernel walks serially nevertheless; a kernel with the series is used by {@code -Dquiesced.kernel}.
 */
@Needs(thorough = true, reason = "no kernel of a distribution has the parameter")
class ParallelKernelIT extends ScenarioTest {
    private static final int DATA = 3;

    private static final String SWITCH = Scripts.SAY + """
            parameter=/sys/module/core/parameters/async_shutdown
            [ ! -e $parameter ] || { echo "has the parameter" | say kernel; echo N >$parameter; }
            quiescectl status | say before
            [ -e $parameter ] || modprobe core
            echo Y >$parameter
            quiescectl status | say on
            quiescectl plan --no-pager | say plan
            quiescectl capture /root/machine.json
            grep -c async_shutdown /root/machine.json | say captured
            echo N >$parameter
            quiescectl status | say off
            echo Y >$parameter
            quiescectl status | say again
            sed -i 's|^look$|read -r switch <'$parameter'; echo "scenario: the parameter is $switch" >/dev/kmsg; look|' $hook
            """;

    ParallelKernelIT() {
        super("parallel-kernel");
    }

    @Test
    void hookHandsOverToAParallelKernelWithTheRootDrive() throws IOException, InterruptedException {
        List<Drive> drives = nvmeRootAndData("reboot", DATA);
        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(Scripts.WATCH
                        + Scripts.LATE_ONLY
                        + Scripts.slowNvme(3_000)
                        + SWITCH
                        + SUM_ROOT
                        + Scripts.end("reboot")));

        String parallel = "Kernel: This kernel shuts PCI and SCSI devices down in parallel itself";
        assertThat(boot.says("scenario: before: " + parallel)).isFalse();
        assertSays(boot, "scenario: on: +" + parallel + ".* the hook returns when each drive is in flight");
        assertSays(boot, "scenario: plan: This kernel shuts PCI and SCSI devices down in parallel itself");
        assertSays(boot, "scenario: plan: .*no exitrd: this kernel shuts it down beside the others");
        assertSays(boot, "scenario: captured: 1");
        assertThat(boot.says("scenario: off: +" + parallel)).isFalse();
        assertSays(boot, "scenario: again: +" + parallel);

        assertThat(boot.says("an exitrd is made")).isFalse();
        assertSays(boot, "scenario: the parameter is Y");
        assertThat(boot.walkedBy("nvme")).as("the root drive alone").hasSize(1);
        Map<String, Boot.Span> all = boot.nvmeShutdowns();
        Map<String, Boot.Span> ours = new LinkedHashMap<>(all);
        ours.remove(boot.walkedBy("nvme").get(0));
        assertThat(ours).hasSize(DATA);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(1 + DATA);
        assertParallel(ours);
        assertThat(boot.when("scenario: hook has ended with 0").orElseThrow())
                .as("the hook does not wait for what is in flight")
                .isLessThan(
                        ours.values().stream().mapToDouble(Boot.Span::to).min().orElseThrow());
        report("%d drives in %.2f s after the handover", DATA, Boot.total(ours));
        if (boot.says("scenario: kernel: has the parameter")) {
            assertParallel(all);
            report(
                    "with the root drive %.2f s, from the hooks' start to the restart %.2f s",
                    Boot.total(all), boot.toRestartFrom("scenario: hooks begin"));
        }

        assertRootIsClean("again", drives);
    }

    /** Times are printed, not asserted. */
    @Test
    void rootAndFiveDrivesAreMeasuredOnAKernelWithTheSeries() throws IOException, InterruptedException {
        assumeThat(Asked.KERNEL).as("-Dquiesced.kernel").isPresent();
        String script = FleetIT.script(3_000);

        Boot alone = boot("alone", nvmeRootAndData(image().root(), "alone", 5), Payload.stock(script));
        Boot ours = boot("ours", nvmeRootAndData("ours", 5), Payload.quiesced(script));

        assertThat(alone.notifications()).hasSize(6);
        assertThat(ours.notifications()).hasSize(6);
        FleetIT.reportTimes(this, "root and 5 x 3 s, the kernel alone", alone);
        FleetIT.reportTimes(this, "root and 5 x 3 s, quiesced", ours);
    }
}
