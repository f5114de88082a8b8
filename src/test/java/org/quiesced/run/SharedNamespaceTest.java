// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;

/** A namespace that two controllers of a subsystem share is flushed once if they begin at the same time. */
class SharedNamespaceTest {
    private static final String HEAD = "/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1";

    private final SteppedRun run = new SteppedRun();

    @BeforeEach
    void addSubsystem() {
        run.builder.classDevice(HEAD, "block", Map.of("size", "8"));
        controller(0, "0000:01:00.0");
        controller(1, "0000:02:00.0");
    }

    private void controller(int number, String address) {
        String path = run.builder.device("/devices/pci0000:00", address, "pci", "nvme");
        String controller = path + "/nvme/nvme" + number;
        run.builder
                .classDevice(controller, "nvme", Map.of("state", "live", "serial", "S"))
                .classDevice(controller + "/nvme0c" + number + "n1", "block", Map.of("size", "8"))
                .latency(path, Duration.ofSeconds(3));
    }

    @AfterEach
    void settle() {
        run.settle();
    }

    private List<String> done(String kind) {
        run.late(Verb.REBOOT, SteppedRun.DAY, event -> {});
        return run.done().stream().filter(done -> done.startsWith(kind)).toList();
    }

    @Test
    void sharedNamespaceIsFlushedOnce() {
        assertThat(done("FLUSH")).containsExactly("FLUSH nvme0n1");
        assertThat(run.done()).contains("UNBIND 0000:01:00.0", "UNBIND 0000:02:00.0");
    }

    @Test
    void controllerThatClaimsTheNamespaceLaterFlushesItAgain() {
        run.config = SteppedRun.config("nvme", Configs.settings(Settings.Shutdown.SERIAL));

        assertThat(done("FLUSH")).containsExactly("FLUSH nvme0n1", "FLUSH nvme0n1");
        assertThat(run.done()).contains("UNBIND 0000:01:00.0", "UNBIND 0000:02:00.0");
    }

    /** The first controller still holds the claim, which does not keep out users that open the disk without one. */
    @Test
    void controllerThatStartsAfterTheFlushSendsItsOwn() {
        String child = run.builder.device("/devices/pci0000:00/0000:02:00.0", "0000:03:00.0", "pci", "par");
        run.builder.latency(child, Duration.ofSeconds(1));

        assertThat(done("FLUSH")).containsExactly("FLUSH nvme0n1", "FLUSH nvme0n1");
        assertThat(run.done()).contains("UNBIND 0000:01:00.0", "UNBIND 0000:02:00.0");
    }

    @Test
    void failedFlushKeepsBothDrivers() {
        run.builder.fault(HEAD, Fault.FLUSH_FAILS);

        assertThat(done("UNBIND")).isEmpty();
        assertThat(run.events).filteredOn(Event.LeftToKernel.class::isInstance).hasSize(2);
    }

    @Test
    void hungFlushKeepsBothDrivers() {
        run.builder.fault(HEAD, Fault.FLUSH_HANGS);

        assertThat(done("UNBIND")).isEmpty();
        assertThat(run.events).filteredOn(Event.LeftToKernel.class::isInstance).hasSize(2);
    }
}
