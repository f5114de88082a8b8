// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveIdentity;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.shutdown.Verb;

/** Walk mode and expected times are part of a snapshot. */
class SnapshotReaderTest {
    private String value = "Y";
    private ExpectedTimes expected = ExpectedTimes.NONE;
    private final SimulatedKernel kernel = new SimulatedKernel(machine());
    private final SnapshotReader reader = new SnapshotReader(
            Altered.with(drivers(), kernel), kernel.workers(), DriveTypes.SUPPORTED, Optional::empty, () -> expected);

    private static Machine machine() {
        MachineBuilder builder = new MachineBuilder("switch");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));
        builder.scsiDisk("/devices/pci/host0", "0:0:0:0", Duration.ofSeconds(3));
        return builder.build();
    }

    private Drivers drivers() {
        return new SameDrivers(kernel.drivers()) {
            @Override
            public Optional<String> parameter(String module, String name) {
                return Optional.of(value);
            }
        };
    }

    private Snapshot current() throws Exception {
        String config = "mode = \"safe\"\n[driver.nvme]\nshutdown = \"parallel\"\n";
        return reader.read(Configs.FILES.parse("quiesced.toml", config), KnownLatencies.none());
    }

    private static void assertWalk(Snapshot snapshot, WalkMode walk) {
        assertThat(snapshot.ready().plan().walk()).isEqualTo(walk);
        assertThat(snapshot.seen().walk()).isEqualTo(walk);
        long ours = walk == WalkMode.SERIAL ? 2 : 1;
        assertThat(snapshot.ready().devices()).as("the disk is not opted in").hasSize((int) ours);
    }

    @Test
    void walkModeIsReadWithTheMachine() throws Exception {
        assertWalk(current(), WalkMode.ASYNCHRONOUS);
        value = "N";
        assertWalk(current(), WalkMode.SERIAL);
    }

    @Test
    void changedWalkModeIsSeenAtTheNextReading() throws Exception {
        Snapshot before = current();
        assertThat(reader.refresh(before)).isSameAs(before);
        value = "N";
        Snapshot after = reader.refresh(before);
        assertWalk(after, WalkMode.SERIAL);
        assertThat(reader.refresh(after)).isSameAs(after);
        value = "Y";
        assertWalk(reader.refresh(after), WalkMode.ASYNCHRONOUS);
    }

    @Test
    void changedExpectedTimesAreSeenAtTheNextReading() throws Exception {
        Snapshot before = current();
        assertThat(before.expected().of(Verb.REBOOT)).isEmpty();
        assertThat(before.summary()).doesNotContain("expected");

        expected = new ExpectedTimes(Map.of(new DriveIdentity("Simulated NVMe", "SIM0"), 2.5), Map.of());
        Snapshot after = reader.refresh(before);

        assertThat(after.expected().of(Verb.REBOOT)).contains(Duration.ofMillis(2_500));
        assertThat(after.summary()).contains("2.50s expected");
        assertThat(reader.refresh(after)).isSameAs(after);
    }

    @Test
    void measuredTimeOverridesTheReportedTime() throws Exception {
        Snapshot before = current();
        Snapshot asked = before.with(reader.ask(before.latencies(), before.seen()));
        assertThat(asked.expected().of(Verb.POWEROFF)).contains(Duration.ofSeconds(3));

        expected = new ExpectedTimes(Map.of(), Map.of("Simulated NVMe", 2.5));
        assertThat(reader.refresh(asked).expected().of(Verb.POWEROFF)).contains(Duration.ofMillis(2_500));
    }
}
