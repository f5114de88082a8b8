// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerPool;

/** After a cancelled shutdown each driver is bound once the dependencies of its device have theirs, within 60 s. */
class RestorationTest {
    private final MachineBuilder builder = new MachineBuilder("restoration");
    private final String drive = builder.nvme("/devices/pci0000:00", "0000:01:00.0", Duration.ofSeconds(1));
    private final String adapter = builder.device("/devices/pci0000:00", "0000:03:00.0", "pci", "nvme");
    private final String disk;
    private final Map<String, Duration> times = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final Flights flights = new Flights();
    private final Lockstep time = new Lockstep();
    private final List<Signal> said = new ArrayList<>();
    private final List<String> departing = new ArrayList<>();
    private final List<String> tried = new ArrayList<>();
    private Supplier<List<Run.Unfinished>> unfinished;
    private boolean workersCanStart = true;
    private boolean hurried;

    RestorationTest() {
        builder.classDevice(adapter + "/nvme/nvme9", "nvme", Map.of("state", "live"));
        disk = builder.scsiDisk(adapter + "/host9", "9:0:0:0", Duration.ofSeconds(1));
    }

    private void restore(String... down) {
        restoreAndLetHang(down);
        time.awaitAllOthers();
    }

    private void restoreAndLetHang(String... down) {
        Machine machine = builder.build();
        SimulatedKernel simulated = time.kernel(machine, attempt -> workersCanStart);
        Kernel kernel = Altered.with(slowly(simulated.drivers()), simulated);
        Plan plan = Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                .plan(machine.tree());
        WorkerPool<Signal> pool = simulated.workers().newPool();
        EventLog eventLog = new EventLog(machine.tree(), pool::now, events::add);
        time.spend(Duration.ofSeconds(10).toNanos());
        List<Integer> devices = Stream.of(down).map(machine.tree()::indexOf).toList();
        said.forEach(pool::post);
        List<Integer> leaving = departing.stream().map(machine.tree()::indexOf).toList();
        List<Integer> all = Stream.concat(devices.stream(), leaving.stream()).toList();
        Restoration restoration = new Restoration(plan, removals(plan, all), flights, kernel, pool, eventLog);
        restoration.begin(devices, leaving, hurried);
        while (restoration.isAtWork()) {
            pool.await(restoration.until()).ifPresent(signal -> tell(restoration, signal));
        }
        restoration.end();
        unfinished = () -> flights.unfinished(pool.now(), plan.tree()::get);
    }

    private static void tell(Restoration restoration, Signal signal) {
        if (signal instanceof Signal.Restored restored) {
            restoration.take(restored);
        } else if (signal instanceof Signal.Hurry) {
            restoration.hurry();
        }
    }

    private static Map<Integer, Removal> removals(Plan plan, List<Integer> devices) {
        Map<Integer, Removal> removals = new HashMap<>();
        for (int device : devices) {
            Disposition.Handled handled =
                    (Disposition.Handled) plan.dispositions().get(device);
            removals.put(device, new Removal(handled.method(), handled.target(), Verb.REBOOT));
        }
        return removals;
    }

    /**
     * Returns drivers that bind a device in the time of {@code times}. A device without a time fails after two seconds.
     */
    private Drivers slowly(Drivers rest) {
        return new SameDrivers(rest) {
            @Override
            public void bind(Device device) throws IOException {
                tried.add(device.name());
                Duration needed = times.get(device.path());
                time.spend((needed == null ? Duration.ofSeconds(2) : needed).toNanos());
                if (needed == null) {
                    throw new IOException(device.name() + ": bind: No such device");
                }
            }

            @Override
            public Optional<String> present(Device device) {
                return Optional.empty();
            }
        };
    }

    private List<String> told() {
        return events.stream()
                .map(event -> event.device().name() + " at "
                        + Duration.ofNanos(event.at()).toSeconds() + " s: "
                        + (event instanceof Event.NotRestored not ? not.detail() : "restored"))
                .toList();
    }

    @Test
    void restorationIsTimedFromTheBeginningOfTheRun() {
        times.put(drive, Duration.ofSeconds(3));
        times.put(adapter, Duration.ofSeconds(1));
        restore(drive, adapter);

        assertThat(told()).containsExactly("0000:03:00.0 at 11 s: restored", "0000:01:00.0 at 13 s: restored");
    }

    @Test
    void diskIsRestoredAfterItsAdapter() {
        times.put(adapter, Duration.ofSeconds(4));
        times.put(disk, Duration.ofSeconds(1));
        restore(disk, adapter);

        assertThat(told()).containsExactly("0000:03:00.0 at 14 s: restored", "9:0:0:0 at 15 s: restored");
    }

    @Test
    void restorationDoesNotWaitForBoundDevices() {
        times.put(disk, Duration.ofSeconds(1));
        restore(disk);

        assertThat(told()).containsExactly("9:0:0:0 at 11 s: restored");
    }

    @Test
    void probeMayTakeAlmostAMinute() {
        times.put(drive, Duration.ofSeconds(59));
        restore(drive);

        assertThat(told()).containsExactly("0000:01:00.0 at 69 s: restored");
    }

    @Test
    void probeTimesOutAfterAMinuteAndDependentsStayUnbound() {
        times.put(adapter, Duration.ofSeconds(61));
        times.put(disk, Duration.ofSeconds(1));
        restore(disk, adapter);

        assertThat(told())
                .containsExactly(
                        "0000:03:00.0 at 70 s: no answer within 60s",
                        "9:0:0:0 at 70 s: what it depends on has no driver");
    }

    @Test
    void hungProbeIsUnfinishedUntilItEnds() {
        times.put(drive, Duration.ofSeconds(70));
        times.put(adapter, Duration.ofSeconds(1));
        restoreAndLetHang(drive, adapter);

        assertThat(unfinished.get())
                .extracting(stuck -> stuck.device().path())
                .as("the next shutdown waits for the lock that it holds")
                .containsExactly(drive);
        assertThat(unfinished.get().get(0).overdue()).isZero();
        time.awaitAllOthers();
        assertThat(unfinished.get()).isEmpty();
    }

    @Test
    void nextShutdownWaitsTenSecondsForAProbe() {
        said.add(new Signal.Hurry());
        times.put(drive, Duration.ofSeconds(11));
        times.put(adapter, Duration.ofSeconds(9));
        restore(drive, adapter);

        assertThat(told())
                .containsExactly("0000:03:00.0 at 19 s: restored", "0000:01:00.0 at 20 s: no answer within 10s");
    }

    @Test
    void failedBindIsReported() {
        restore(drive);

        assertThat(told()).containsExactly("0000:01:00.0 at 12 s: 0000:01:00.0: bind: No such device");
    }

    @Test
    void reservedWorkerRestoresOneByOneWithoutThreads() {
        workersCanStart = false;
        times.put(drive, Duration.ofSeconds(3));
        times.put(adapter, Duration.ofSeconds(3));
        restore(drive, adapter);

        assertThat(events).hasSize(2).allMatch(Event.Restored.class::isInstance);
        assertThat(events.get(0).at()).isEqualTo(Duration.ofSeconds(13).toNanos());
        assertThat(events.get(1).at()).isEqualTo(Duration.ofSeconds(16).toNanos());
    }

    @Test
    void diskStaysUnboundWhileItsAdapterIsBeingUnbound() {
        times.put(disk, Duration.ofSeconds(1));
        departing.add(adapter);
        restore(disk);

        assertThat(told())
                .containsExactly(
                        "0000:03:00.0 at 10 s: its driver is still being taken away",
                        "9:0:0:0 at 10 s: what it depends on has no driver");
        assertThat(tried).isEmpty();
    }

    @Test
    void probeMayTakeTenSecondsWhenTheNextShutdownWaits() {
        times.put(drive, Duration.ofSeconds(9));
        times.put(adapter, Duration.ofSeconds(11));
        hurried = true;
        restore(drive, adapter);

        assertThat(told())
                .containsExactly("0000:01:00.0 at 19 s: restored", "0000:03:00.0 at 20 s: no answer within 10s");
    }

    @Test
    void secondCancellationChangesNothing() {
        times.put(adapter, Duration.ofSeconds(3));
        times.put(disk, Duration.ofSeconds(1));
        said.add(new Signal.Cancel());
        restore(adapter, disk);

        assertThat(events).hasSize(2).allMatch(Event.Restored.class::isInstance);
    }
}
