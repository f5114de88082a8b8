// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.DeviceEvents;
import org.quiesced.kernel.DeviceEvents.Change;
import org.quiesced.kernel.simulated.SimulatedEvents;
import org.quiesced.method.MadeUpDrive;

/** The tree is read again once per burst of relevant events, soon after it. */
class TreeWatchTest {
    /** Time limit in seconds, longer than any step of these tests. */
    private static final long AGES = 20;

    private final SimulatedEvents events = new SimulatedEvents();
    private final LinkedBlockingQueue<Long> looks = new LinkedBlockingQueue<>();
    private Thread watch;

    @BeforeEach
    void start() {
        watch = new Thread(() -> {
            try {
                new TreeWatch(events, MadeUpDrive.TYPES.watchedSubsystems(), () -> looks.add(System.nanoTime()))
                        .watch();
            } catch (IOException e) {
                return;
            }
        });
        watch.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        events.close();
        watch.join(TimeUnit.SECONDS.toMillis(AGES));
        assertThat(watch.isAlive()).isFalse();
    }

    private static Change change(String action, String path, String subsystem) {
        return new Change(action, path, subsystem);
    }

    private void plugIn(int number) {
        events.happen(change("add", "/devices/pci0000:00/0000:00:01.0/nvme/nvme" + number, "nvme"));
    }

    private int looksUntilQuiet() throws InterruptedException {
        assertThat(looks.poll(AGES, TimeUnit.SECONDS)).isNotNull();
        int count = 1;
        while (looks.poll(TreeWatch.LONGEST.toMillis() * 2, TimeUnit.MILLISECONDS) != null) {
            count++;
        }
        return count;
    }

    @Test
    void burstOfEventsCausesOneReading() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            plugIn(i);
        }

        assertThat(looksUntilQuiet()).isEqualTo(1);
    }

    @Test
    void endlessEventsCauseReadingsAtIntervals() throws InterruptedException {
        long end = System.nanoTime() + 3 * TreeWatch.LONGEST.toNanos();
        int events = 0;
        while (System.nanoTime() < end) {
            plugIn(events++);
            Thread.sleep(20);
        }

        assertThat(looks.size()).isBetween(1, 3);
        assertThat(events).isGreaterThan(50);
    }

    @Test
    void lostEventsCauseAReading() throws InterruptedException {
        events.happen(new DeviceEvents.Lost());

        assertThat(looksUntilQuiet()).isEqualTo(1);
    }

    @Test
    void bindUnbindRemoveAndMoveCauseAReading() throws InterruptedException {
        for (String action : new String[] {"bind", "unbind", "remove", "move"}) {
            events.happen(change(action, "/devices/pci0000:00/0000:00:01.0", "pci"));
            assertThat(looksUntilQuiet()).as(action).isEqualTo(1);
        }
    }

    @Test
    void virtualHeadDisksAndDeviceLinksCauseAReading() throws InterruptedException {
        events.happen(change("add", "/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "block"));
        assertThat(looksUntilQuiet()).isEqualTo(1);
        events.happen(change("add", "/devices/virtual/devlink/pci:0000:00:01.0--pci:0000:00:02.0", "devlink"));
        assertThat(looksUntilQuiet()).isEqualTo(1);
    }

    @Test
    void changesOfWatchedSubsystemsCauseAReading() throws InterruptedException {
        for (String subsystem : new String[] {"block", "nvme", "nvme-subsystem", "scsi", "scsi_disk", "ufs_made_up"}) {
            events.happen(change("change", "/devices/pci0000:00/0000:00:01.0/x", subsystem));
            assertThat(looksUntilQuiet()).as(subsystem).isEqualTo(1);
        }
    }

    @Test
    void irrelevantEventsCauseNoReading() throws InterruptedException {
        events.happen(change("add", "/devices/virtual/block/loop0", "block"));
        events.happen(change("change", "/devices/LNXSYSTM:00/battery/BAT0", "power_supply"));
        events.happen(change("add", "/module/nvme", "module"));

        assertThat(looks.poll(TreeWatch.LONGEST.toMillis() * 2, TimeUnit.MILLISECONDS))
                .isNull();
    }
}
