// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quiesced.daemon.Awaiting.until;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.quiesced.config.ConfigException;
import org.quiesced.guard.Threads;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.EventJson;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.snapshot.SnapshotReader;
import org.quiesced.varlink.VarlinkException;

/** The life of the daemon on a simulated machine in real time, and its messages to the service manager. */
class DaemonTest extends StartedDaemonTest {
    @Test
    void daemonIsReadyWithAPlanAndReportsItsSummary() throws Exception {
        builder.inUse(builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(9)), "mounted on /");
        start();

        assertThat(manager.told.poll(AGES, TimeUnit.SECONDS)).isEqualTo("ready");
        String plan = "2 drives in parallel, 1 left to the kernel (nvme2: in use, mounted on /)";
        assertThat(manager.told.poll(AGES, TimeUnit.SECONDS)).startsWith(plan);
        until(() -> daemon.current().summary().equals(plan + "; 1.20s expected"));
        assertThat(manager.next("alive")).isNotNull();
    }

    @Test
    void unresponsiveDriveDelaysNeitherPlanNorShutdown() throws Exception {
        kernel = kernel();
        CountDownLatch asked = new CountDownLatch(1);
        SnapshotReader reader =
                new SnapshotReader(
                        kernel,
                        kernel.workers(),
                        DriveTypes.SUPPORTED,
                        () -> Optional.of("none here"),
                        () -> ExpectedTimes.NONE) {
                    @Override
                    public KnownLatencies ask(KnownLatencies known, Plan seen) {
                        asked.countDown();
                        return forEver();
                    }
                };
        start(reader);
        asked.await();
        Snapshot before = daemon.current();
        daemon.treeHasChanged();
        until(() -> daemon.current() != before);

        pipe.requests.add("late reboot 4711");
        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, 0 to go, .*");
    }

    private static KnownLatencies forEver() {
        while (true) {
            LockSupport.park();
        }
    }

    @Test
    void unresponsiveServiceManagerDelaysNoShutdown() throws Exception {
        text += "early = \"free\"\n";
        CountDownLatch told = new CountDownLatch(1);
        manager.onWatchedOver = () -> {
            told.countDown();
            forEver();
        };
        start();
        new Threads(() -> false).start("early", () -> shutdowns.early(Verb.REBOOT));
        told.await();

        pipe.requests.add("late reboot 4711");

        assertThat(pipe.untilEnd()).last().asString().matches("4711 end 2 of 2 down, 0 to go, .*");
        assertThat(shutdowns.isActive()).isFalse();
    }

    @Test
    void statusReflectsCurrentUsersOfDrives() throws Exception {
        builder.inUse(FIRST, "mounted on /");
        start();
        assertThat(daemon.refresh().summary()).contains("nvme0: in use, mounted on /");
        kernel.letGo(FIRST_DISK);

        assertThat(daemon.refresh().summary())
                .startsWith("2 drives in parallel")
                .doesNotContain("in use");
    }

    @Test
    void daemonRestoresGracePeriodsLeftByAnotherProcess() throws Exception {
        start();
        manager.next("ready");
        kernel.gracePeriods().expedite();

        until(() -> !kernel.hasExpeditedGracePeriods());
    }

    @Test
    void watchdogIsOffFromTheEarlyPhaseOn() throws Exception {
        start();
        manager.next("ready");
        pipe.requests.add("early reboot");
        manager.next("not watched");
        assertThat(manager.told).doesNotContain("watched");
        pipe.requests.add("late reboot 4711");
        pipe.untilEnd();
        manager.next("watched");
    }

    @Test
    void watchdogOffIsRepeatedWithEachSignOfLife() throws Exception {
        text += "early = \"free\"\n";
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(4));
        start();
        pipe.requests.add("early reboot");
        manager.next("not watched");
        manager.next("alive");
        manager.next("not watched");
        manager.next("alive");
        manager.next("not watched");
        pipe.requests.add("late reboot 4711");
        manager.next("watched");
        manager.next("alive");
        manager.next("alive");
        assertThat(manager.told).as("in the end").doesNotContain("watched", "not watched");
    }

    @Test
    void watchdogIsOnAgainOnceNothingIsInFlight() throws Exception {
        text += "early = \"free\"\n[device.\"0000:03:00.0\"]\ntimeout = \"1s\"\n";
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(10));
        start();
        pipe.requests.add("early reboot");
        manager.next("not watched");
        pipe.requests.add("late reboot 4711");
        until(() -> !shutdowns.isActive());
        assertThat(shutdowns.isInFlight()).as("it was given up, and goes on").isTrue();
        assertThat(manager.told).doesNotContain("watched");
        manager.next("watched");
        assertThat(shutdowns.isInFlight()).isFalse();
    }

    @Test
    void reloadIsAnnouncedAndAnInvalidConfigurationIsRefused() throws Exception {
        start();
        manager.next("ready");
        text = "mode = \"off\"\n";
        daemon.reload().get(AGES, TimeUnit.SECONDS);
        manager.next("reloading");
        manager.next("ready");
        manager.next("mode is off, everything is left to the kernel");

        text = "mode = \"offf\"\n";
        assertThatThrownBy(() -> daemon.reload().get(AGES, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConfigException.class)
                .hasMessageContaining("quiesced.toml:1:1: mode: unknown value \"offf\"");
        manager.next("ready");
        assertThat(daemon.current().config().mode().name()).isEqualTo("OFF");
    }

    @Test
    void treeChangedDuringAShutdownIsReadWhenTheSystemRunsAgain() throws Exception {
        Snapshot before = changeTreeDuringAShutdown();
        systemState.runAgain();

        until(() -> daemon.current().ready() != before.ready());
    }

    @Test
    void treeThatTheShutdownChangedIsNotReadBesideTheKernelsWalk() throws Exception {
        Snapshot before = changeTreeDuringAShutdown();
        until(shutdowns::isOver);
        int alive = manager.told.size();
        daemon.treeHasChanged();
        // A message is sent before a plan is made, so that the plan of the first is in force at the third.
        for (int i = 0; i < alive + 3; i++) {
            manager.next("alive");
        }
        assertThat(daemon.current()).isSameAs(before);
    }

    @Test
    void hookOfAnExitrdAfterTheRunGetsANewPlan() throws Exception {
        Snapshot before = changeTreeDuringAShutdown();
        until(shutdowns::isOver);
        pipe.requests.add("late reboot 4712");

        assertThat(pipe.untilEnd()).last().asString().startsWith("4712 end");
        assertThat(daemon.current().ready()).isNotSameAs(before.ready());
    }

    /** Returns the snapshot from which a whole run was made; the tree has changed since. */
    private Snapshot changeTreeDuringAShutdown() throws Exception {
        start();
        manager.next("ready");
        until(() -> daemon.current().summary().endsWith("expected"));
        Snapshot before = daemon.current();
        pipe.requests.add("late reboot 4711");
        assertThat(pipe.answers.poll(AGES, TimeUnit.SECONDS)).contains("progress");
        manager.told.clear();
        daemon.treeHasChanged();
        manager.next("alive");
        manager.next("alive");
        assertThat(daemon.current()).as("while it is under way").isSameAs(before);
        pipe.untilEnd();
        return before;
    }

    @Test
    void accumulatedChangesAreReadOnce() throws Exception {
        kernel = kernel();
        daemon = new Daemon(Readers.of(kernel), this::load, manager, plan -> {});
        Set<Snapshot> standings = Collections.newSetFromMap(new IdentityHashMap<>());
        standings.add(daemon.current());
        manager.onAlive = () -> standings.add(daemon.current());
        for (int i = 0; i < 100; i++) {
            daemon.treeHasChanged();
        }
        Shutdowns shutdowns = newShutdowns();
        new Threads(() -> false).start("main", () -> daemon.run(shutdowns));

        for (int i = 0; i < 103; i++) {
            manager.next("alive");
        }
        assertThat(standings).as("the first look, and the one after it all").hasSize(2);
    }

    @Test
    void reloadDuringAShutdownIsAnswered() throws Exception {
        start();
        manager.next("ready");
        pipe.requests.add("late reboot 4711");
        daemon.reload().get(AGES, TimeUnit.SECONDS);
        assertThat(pipe.untilEnd()).isNotEmpty();
    }

    @Test
    void eventsOfAShutdownCanBeFollowed() throws Exception {
        start();
        List<EventJson> seen = new ArrayList<>();
        Thread follower = new Thread(() -> {
            try {
                stream.follow(null, (event, continues) -> seen.add((EventJson) event));
            } catch (IOException | VarlinkException e) {
                return;
            }
        });
        follower.start();
        until(() -> follower.getState() == Thread.State.TIMED_WAITING);
        pipe.requests.add("late reboot 4711");
        follower.join(TimeUnit.SECONDS.toMillis(AGES));

        assertThat(seen.stream().map(EventJson::kind).filter(EventJson.Kind.DONE::equals))
                .hasSize(2);
        assertThat(seen.get(seen.size() - 1).kind()).isEqualTo(EventJson.Kind.END);
    }
}
