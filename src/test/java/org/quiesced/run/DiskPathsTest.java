// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Mode;
import org.quiesced.config.Say;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A disk with several paths is stopped once, when the last of them is down, and not at all while one of them is the kernel's. */
class DiskPathsTest {
    private static final String A = "0:0:0:0";
    private static final String B = "1:0:0:0";
    private static final String WWID = "naa.5000c500deadbeef";

    private final SteppedRun run = new SteppedRun();
    private final String adapterA = run.builder.device("/devices/pci0000:00", "0000:03:00.0", "pci", "par");
    private final String adapterB = run.builder.device("/devices/pci0000:00", "0000:04:00.0", "pci", "par");
    private final String hostA = run.builder.device(adapterA, "host0", "scsi", "");
    private final String hostB = run.builder.device(adapterB, "host1", "scsi", "");

    @AfterEach
    void settle() {
        run.settle();
    }

    private String path(String host, String address) {
        return run.builder.scsiPath(host, address, WWID, Duration.ofSeconds(6));
    }

    private Timeline poweroff() {
        return run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});
    }

    /** Two paths whose adapters nobody has opted in. */
    private String pathOfKeptAdapter(String host, String address) {
        return path("/devices/pci0000:00/0000:09:00.0/" + host, address);
    }

    private List<String> stops() {
        return run.done().stream().filter(done -> done.startsWith("STOP")).toList();
    }

    private void leaveToKernel(String address) {
        run.config = Say.config(
                Mode.ON,
                Map.of("par", Say.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)),
                Map.of(address, Say.settings(Settings.Shutdown.KERNEL)));
    }

    @Test
    void bothPathsAreSynchronisedAndUnboundAndTheLastStopsTheDisk() {
        path(hostA, A);
        path(hostB, B);

        Timeline timeline = poweroff();

        List<String> done = run.done();
        assertThat(stops()).hasSize(1);
        assertThat(done.subList(0, done.indexOf(stops().get(0))))
                .contains("FLUSH sda", "FLUSH sdb", "UNBIND " + A, "UNBIND " + B);
        assertThat(done).contains("UNBIND 0000:03:00.0", "UNBIND 0000:04:00.0");
        assertThat(timeline.endings().values()).containsOnly(new Ending.Down());
        assertThat(timeline.took()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
    }

    /** The adapter of the last path goes after the stop, that of the other need not wait for it. */
    @Test
    void theAdapterOfTheLastPathWaitsForTheStop() {
        path(hostA, A);
        path(hostB, B);

        poweroff();

        String last = stops().get(0).endsWith(A) ? "UNBIND 0000:03:00.0" : "UNBIND 0000:04:00.0";
        assertThat(run.done()).endsWith(stops().get(0), last);
    }

    @Test
    void fourPathsHaveOneStop() {
        path(hostA, A);
        path(hostA, "0:0:1:0");
        path(hostB, B);
        path(hostB, "1:0:1:0");

        poweroff();

        assertThat(stops()).hasSize(1);
    }

    @Test
    void onTheSerialLaneToo() {
        run.config = SteppedRun.config("sd", Say.settings(Settings.Shutdown.SERIAL));
        path(hostA, A);
        path(hostB, B);

        assertThat(poweroff().took()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7));
        assertThat(stops()).hasSize(1);
    }

    @Test
    void atARestartItIsNotStopped() {
        path(hostA, A);
        path(hostB, B);

        run.late(Verb.REBOOT, SteppedRun.DAY, event -> {});

        assertThat(stops()).isEmpty();
        assertThat(run.done()).contains("UNBIND " + A, "UNBIND " + B);
    }

    @Test
    void aRestartThatBecomesAPowerOffStopsItOnce() {
        path(hostA, A);
        path(hostB, B);
        run.obstacle =
                target -> target.device().isA("pci") ? Optional.of(new Reason.NotReleased("it")) : Optional.empty();

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, A, () -> run.run.late(Verb.POWEROFF, SteppedRun.DAY)));

        assertThat(stops()).hasSize(1);
        assertThat(run.done()).contains("UNBIND 0000:03:00.0", "UNBIND 0000:04:00.0");
    }

    @Test
    void whileAPathIsInUseTheDiskIsTheKernelsToStop() {
        path(hostA, A);
        run.builder.inUse(path(hostB, B), "mounted");

        poweroff();

        assertThat(stops()).isEmpty();
        assertThat(run.done()).contains("UNBIND " + A).doesNotContain("UNBIND " + B);
        assertThat(run.whyLeft(B)).isInstanceOf(Reason.InUse.class);
    }

    @Test
    void whileAPathIsLeftByTheConfigurationTheDiskIsTheKernelsToStop() {
        leaveToKernel(B);
        path(hostA, A);
        path(hostB, B);

        poweroff();

        assertThat(stops()).isEmpty();
        assertThat(run.done()).contains("UNBIND " + A).doesNotContain("UNBIND " + B);
    }

    @Test
    void aPathThatFailsLeavesTheStopToTheKernel() {
        path(hostA, A);
        run.builder.fault(path(hostB, B), Fault.UNBIND_FAILS);

        poweroff();

        assertThat(stops()).isEmpty();
        assertThat(run.done()).contains("UNBIND " + A);
    }

    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void overADeadPathTheKernelSendsNothingSoTheOtherStopsTheDisk(String dead) {
        String a = pathOfKeptAdapter("host5", A);
        String b = pathOfKeptAdapter("host6", B);
        run.builder.attribute(dead.equals(A) ? a : b, "state", "transport-offline");

        poweroff();

        assertThat(stops()).containsExactly("STOP " + (dead.equals(A) ? B : A));
        assertThat(run.whyLeft(dead)).isInstanceOf(Reason.NotReady.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void aPathThatVanishesLeavesTheStopToTheOther(String gone) {
        String a = pathOfKeptAdapter("host5", A);
        String b = pathOfKeptAdapter("host6", B);
        run.builder.fault(gone.equals(A) ? a : b, Fault.VANISHES);

        poweroff();

        assertThat(stops()).containsExactly("STOP " + (gone.equals(A) ? B : A));
    }

    /** Nobody can send the stop then, and that is reported. */
    @Test
    void aPathThatVanishesWhenTheAdapterOfTheOtherIsDownLeavesTheDiskRunning() {
        run.builder.fault(path(hostA, A), Fault.VANISHES);
        path(hostB, B);

        poweroff();

        assertThat(stops()).isEmpty();
        assertThat(run.only(Event.Finished.class, B).ending().describe())
                .isEqualTo("down, but not stopped: what its path needs is down already");
    }

    /** Somebody else takes a driver away, and takes long. */
    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void aPathWhoseDriverSomebodyElseTakesAwayIsAwaited(String other) {
        String a = pathOfKeptAdapter("host5", A);
        String b = pathOfKeptAdapter("host6", B);
        run.builder.fault(other.equals(A) ? a : b, Fault.BEING_UNBOUND);

        poweroff();

        assertThat(run.done()).containsSubsequence("AWAIT " + other, stops().get(0));
        assertThat(stops()).containsExactly("STOP " + (other.equals(A) ? B : A));
    }

    @Test
    void aStopThatFailsIsNotRepeatedByTheOtherPath() {
        run.builder.fault(path(hostA, A), Fault.STOP_FAILS).fault(path(hostB, B), Fault.STOP_FAILS);

        Timeline timeline = poweroff();

        assertThat(timeline.endings().values())
                .filteredOn(ending -> !(ending instanceof Ending.Down))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "t10.ATA     Something", "naa.0000000000000000", "naa.5000000000000000"})
    void whatIdentifiesNoDiskIsNeverTakenForTheSame(String wwid) {
        String a = path(hostA, A);
        String b = path(hostB, B);
        run.builder.attribute(a, "wwid", wwid).attribute(b, "wwid", wwid);

        poweroff();

        assertThat(stops()).containsExactlyInAnyOrder("STOP " + A, "STOP " + B);
    }

    @Test
    void ataDisksHaveOnePathEach() {
        String a = path(hostA, A);
        String b = path(hostB, B);
        run.builder.attribute(a, "vendor", "ATA     ").attribute(b, "vendor", "ATA     ");
        run.builder.attribute(a, "wwid", "eui.0").attribute(b, "wwid", "eui.0");

        poweroff();

        assertThat(stops()).hasSize(2);
    }

    @Test
    void thePlanSaysThatTheOtherPathIsAwaited() {
        path(hostA, A);
        path(hostB, B);
        poweroff();
        Handled handled = run.events.stream()
                .filter(event -> event instanceof Event.Planned planned
                        && planned.device().name().equals(A))
                .map(event -> (Handled) ((Event.Planned) event).disposition())
                .findFirst()
                .orElseThrow();

        assertThat(handled.method().steps(handled.target(), Verb.POWEROFF))
                .endsWith("stop sda, once its other paths are down (" + B + ")");
    }
}
