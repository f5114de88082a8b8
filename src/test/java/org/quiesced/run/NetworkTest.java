// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Early;
import org.quiesced.config.Mode;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.method.Ending;
import org.quiesced.plan.EarlyRule;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * Network drives go down before the network is stopped, and other drives after it; no step waits for a hung connection.
 */
class NetworkTest {
    private static final Duration LEFT = Duration.ofSeconds(80);
    private static final String DRIVE = "0000:01:00.0";

    private final SteppedRun run = new SteppedRun();
    private final String one = run.builder.fabrics("tcp", Duration.ofMillis(200));
    private final String other = run.builder.fabrics("rdma", Duration.ofMillis(100));

    private void drive() {
        run.builder.nvme("/devices/pci0000:00", DRIVE, Duration.ofSeconds(2));
    }

    private void late() {
        run.run.late(Verb.REBOOT, LEFT);
    }

    /** Continues the shutdown once each of the two controllers has had an event of a kind. */
    private void afterBoth(Runnable rest, Event event, Class<? extends Event> kind) {
        boolean isOne = kind.isInstance(event) && event.device().path().startsWith("/devices/virtual/nvme-fabrics");
        if (isOne && run.events.stream().filter(kind::isInstance).count() == 2) {
            rest.run();
        }
    }

    private Optional<Reason> leftBecause(Timeline timeline, String path) {
        return timeline.outcomes().stream()
                .filter(outcome -> outcome.device().path().equals(path))
                .findFirst()
                .orElseThrow()
                .leftBecause();
    }

    @Test
    void controllersGoDownInParallelAndAPciDriveWaitsForTheUnmounting() {
        drive();
        Timeline timeline = run.network(
                Verb.REBOOT,
                event -> afterBoth(
                        () -> {
                            assertThat(run.done()).doesNotContain("FLUSH nvme2n1");
                            run.run.unmounted();
                            late();
                        },
                        event,
                        Event.Done.class));

        assertThat(timeline.downCount()).isEqualTo(3);
        assertThat(run.done())
                .containsExactly(
                        "FLUSH nvme1n1",
                        "FLUSH nvme0n1",
                        "UNBIND nvme1",
                        "UNBIND nvme0",
                        "FLUSH nvme2n1",
                        "UNBIND " + DRIVE);
        assertThat(run.events).noneMatch(Event.Deferred.class::isInstance);
    }

    @Test
    void otherDrivesGoDownLateWithoutAnEarlyPhase() {
        drive();
        Timeline timeline = run.network(Verb.REBOOT, event -> afterBoth(this::late, event, Event.Done.class));

        assertThat(timeline.downCount()).isEqualTo(3);
    }

    @Test
    void controllerInUseIsRetriedAfterTheUnmounting() {
        run.builder.inUse(one, new DiskUser("mounted on /srv", DiskUser.Release.EARLY));
        Timeline timeline = run.network(Verb.REBOOT, event -> {
            SteppedRun.when(Event.Deferred.class, "nvme0", () -> {
                        run.kernel.letGo(DiskUser.Release.EARLY);
                        run.run.unmounted();
                    })
                    .accept(event);
            afterBoth(this::late, event, Event.Done.class);
        });

        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(run.events)
                .filteredOn(Event.Deferred.class::isInstance)
                .singleElement()
                .satisfies(
                        event -> assertThat(((Event.Deferred) event).awaited()).isEqualTo(Event.Awaited.UNMOUNTING));
    }

    @Test
    void controllerInUseToTheEndIsLeft() {
        run.builder.inUse(one, "mounted on /srv");
        Timeline timeline = run.network(Verb.REBOOT, event -> {
            SteppedRun.when(Event.Deferred.class, "nvme0", run.run::unmounted).accept(event);
            SteppedRun.when(Event.Done.class, "nvme1", this::late).accept(event);
        });

        assertThat(leftBecause(timeline, one)).contains(new Reason.NetworkGone(false));
        assertThat(run.done()).containsExactly("FLUSH nvme1n1", "UNBIND nvme1");
    }

    @Test
    void hungDisconnectionDelaysNothing() {
        drive();
        run.builder.attribute(one, "state", "connecting").fault(one, Fault.HANGS);
        Timeline timeline = run.network(Verb.REBOOT, event -> {
            SteppedRun.when(Event.Unbinding.class, "nvme0", run.run::unmounted).accept(event);
            SteppedRun.when(Event.Done.class, DRIVE, this::late).accept(event);
        });

        assertThat(timeline.took()).isLessThan(Duration.ofSeconds(4));
        assertThat(leftBecause(timeline, one)).contains(new Reason.NetworkGone(true));
        assertThat(run.run.unfinished())
                .as("devices that the last resort watches")
                .isEmpty();
    }

    @Test
    void controllersAreNotTouchedInTheLatePhase() {
        drive();
        Timeline timeline = run.late(Verb.REBOOT, LEFT, event -> {});

        assertThat(run.done()).containsExactly("FLUSH nvme2n1", "UNBIND " + DRIVE);
        assertThat(leftBecause(timeline, one)).contains(new Reason.NetworkGone(false));
        assertThat(leftBecause(timeline, other)).contains(new Reason.NetworkGone(false));
    }

    /** The controller cannot go down in the late phase, so no evidence of a release is required. */
    @Test
    void idleControllerGoesDownWithoutEvidenceOfARelease() {
        EarlyRule rule = new EarlyRule(Early.RELEASED, Verb.REBOOT, part -> false);
        run.obstacle = target -> rule.apply(SteppedRun.methodOf(target), target);
        Timeline timeline = run.network(Verb.REBOOT, event -> afterBoth(this::late, event, Event.Done.class));

        assertThat(timeline.downCount()).isEqualTo(2);
    }

    @Test
    void controllersThatAreNotOptedInGoDownOneByOne() {
        run.config = Configs.config(Mode.SAFE, Map.of(), Map.of());
        Timeline timeline = run.network(Verb.REBOOT, event -> afterBoth(this::late, event, Event.Done.class));

        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(run.done()).containsExactly("FLUSH nvme1n1", "UNBIND nvme1", "FLUSH nvme0n1", "UNBIND nvme0");
    }

    @Test
    void controllerWithADeadTargetIsReportedAsUnreached() {
        run.builder.attribute(one, "state", "connecting").fault(other, Fault.CUT_OFF);
        Timeline timeline = run.network(Verb.REBOOT, event -> afterBoth(this::late, event, Event.Done.class));

        assertThat(timeline.endings().values()).containsOnly(new Ending.Unreached());
        assertThat(run.done()).containsExactlyInAnyOrder("UNBIND nvme0", "UNBIND nvme1");
    }

    @Test
    void cancelledShutdownReportsDisconnectedControllers() {
        Timeline timeline =
                run.network(Verb.REBOOT, event -> afterBoth(() -> run.run.cancel(), event, Event.Done.class));

        assertThat(timeline.events())
                .filteredOn(Event.NotRestored.class::isInstance)
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(((Event.NotRestored) event).detail()).contains("connect it again"));
    }
}
