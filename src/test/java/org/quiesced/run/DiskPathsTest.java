// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.method.Ending;
import org.quiesced.method.Step;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A disk with several paths is stopped once, by the first discovered path, after the other paths are down. */
class DiskPathsTest extends TwoPathsTest {
    @Test
    void firstPathStopsTheDiskOnceTheOtherIsDown() {
        bothPaths();

        Timeline timeline = poweroff();

        assertThat(run.done())
                .containsSubsequence("FLUSH sdb", "UNBIND " + B, "FLUSH sda", "UNBIND " + A, "STOP " + A)
                .containsOnlyOnce("STOP " + A)
                .doesNotContain("STOP " + B)
                .contains("UNBIND 0000:03:00.0", "UNBIND 0000:04:00.0");
        assertThat(timeline.endings().values()).containsOnly(new Ending.Down());
        assertThat(timeline.took()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
    }

    @Test
    void disksDoNotWaitForEachOther() {
        for (int disk = 0; disk < 3; disk++) {
            String wwid = "naa.5000c500deadbee" + disk;
            run.builder.scsiPath(hostA, "0:0:" + disk + ":0", wwid, Duration.ofSeconds(6));
            run.builder.scsiPath(hostB, "1:0:" + disk + ":0", wwid, Duration.ofSeconds(6));
        }

        assertThat(poweroff().took()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
        assertThat(stops()).containsExactlyInAnyOrder("STOP 0:0:0:0", "STOP 0:0:1:0", "STOP 0:0:2:0");
    }

    @Test
    void fourPathsHaveOneStop() {
        path(hostA, A);
        path(hostA, "0:0:1:0");
        path(hostB, B);
        path(hostB, "1:0:1:0");

        poweroff();

        assertThat(stops()).containsExactly("STOP " + A);
    }

    @Test
    void serialLaneStopsTheDiskOnce() {
        run.config = SteppedRun.config("sd", Configs.settings(Settings.Shutdown.SERIAL));
        bothPaths();

        assertThat(poweroff().took()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
        assertThat(stops()).containsExactly("STOP " + A);
    }

    @Test
    void restartDoesNotStopTheDisk() {
        bothPaths();

        run.late(Verb.REBOOT, SteppedRun.DAY, event -> {});

        assertThat(stops()).isEmpty();
        assertThat(run.done()).contains("UNBIND " + A, "UNBIND " + B);
    }

    @Test
    void restartThatBecomesAPowerOffStopsTheDiskOnce() {
        bothPaths();
        run.obstacle =
                target -> target.device().isA("pci") ? Optional.of(new Reason.NotReleased("it")) : Optional.empty();

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, A, () -> run.run.late(Verb.POWEROFF, SteppedRun.DAY)));

        assertThat(stops()).containsExactly("STOP " + A);
        assertThat(run.done()).contains("UNBIND 0000:03:00.0", "UNBIND 0000:04:00.0");
    }

    @Test
    void deferredPathDefersTheStop() {
        bothPaths();
        run.obstacle = target ->
                target.device().name().equals(B) ? Optional.of(new Reason.NotReleased("it")) : Optional.empty();

        run.early(
                Verb.POWEROFF,
                SteppedRun.when(Event.Deferred.class, B, () -> run.run.late(Verb.POWEROFF, SteppedRun.DAY)));

        assertThat(run.told(A).subList(0, 2)).containsExactly("Deferred", "Started");
        assertThat(stops()).containsExactly("STOP " + A);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"VANISHES", "BEING_UNBOUND"})
    void firstPathStopsTheDiskWhenTheOtherIsGone(Fault fault) {
        path(hostA, A);
        run.builder.fault(path(hostB, B), fault);

        poweroff();

        List<String> done = run.done();
        assertThat(stops()).containsExactly("STOP " + A);
        assertThat(done.indexOf("AWAIT " + B)).isLessThan(done.indexOf("STOP " + A));
    }

    @Test
    void failedStopIsNotRepeatedByTheOtherPath() {
        run.builder.fault(path(hostA, A), Fault.STOP_FAILS);
        path(hostB, B);

        Timeline timeline = poweroff();

        assertThat(timeline.endings().values())
                .filteredOn(ending -> !(ending instanceof Ending.Down))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "t10.ATA     Something", "naa.0000000000000000", "naa.5000000000000000"})
    void pathsWithoutAnIdentityAreSeparateDisks(String wwid) {
        String a = path(hostA, A);
        String b = path(hostB, B);
        run.builder.attribute(a, "wwid", wwid).attribute(b, "wwid", wwid);

        poweroff();

        assertThat(stops()).containsExactlyInAnyOrder("STOP " + A, "STOP " + B);
    }

    @Test
    void ataDisksAreSeparateDisks() {
        String a = path(hostA, A);
        String b = path(hostB, B);
        run.builder.attribute(a, "vendor", "ATA     ").attribute(b, "vendor", "ATA     ");
        run.builder.attribute(a, "wwid", "eui.0").attribute(b, "wwid", "eui.0");

        poweroff();

        assertThat(stops()).hasSize(2);
    }

    @Test
    void planNamesThePathThatStopsTheDisk() {
        bothPaths();
        DeviceTree tree = run.builder.build().tree();
        Plan plan = Planner.assumingFree(run.config).plan(tree);
        List<List<String>> steps = new ArrayList<>();
        List<Device> waits = new ArrayList<>();
        for (Device device : tree.devices()) {
            if (device.isBoundTo("scsi", "sd")) {
                Handled handled = (Handled) plan.of(device);
                steps.add(handled.method().steps(handled.target(), Verb.POWEROFF).stream()
                        .map(Step::describe)
                        .toList());
                waits.addAll(plan.waitsFor(device));
            }
        }
        run.late(Verb.REBOOT, SteppedRun.DAY, event -> {});

        assertThat(steps)
                .containsExactly(
                        List.of("synchronize the cache of sda", "unbind sd", "stop sda"),
                        List.of("synchronize the cache of sdb", "unbind sd"));
        assertThat(waits).extracting(Device::name).containsExactly(B);
    }
}
