// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.estimate.SeriesWalk;
import org.quiesced.estimate.SeriesWalk.End;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.User;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Copies;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * Holes that reviewers found in the kernel's own parallel shutdown (version 18 of the series): for each, the behaviour
 * of the series, the behaviour of a run, and a property of all machines. A run waits only for its mailbox and the
 * clock, so no device can block it forever.
 */
class ParallelKernelTest {
    private static final RandomMachine.Traits SOUND = new RandomMachine.Traits(true, false, true);
    private static final long SECOND = SteppedRun.SECOND.toNanos();
    private static final String PCI = "/devices/pci";

    private final SteppedRun stepped = new SteppedRun();

    private String unbindable(String parent, String name, String bus) {
        String path = stepped.builder.device(parent, name, bus, "par");
        stepped.builder.latency(path, SteppedRun.SECOND);
        return path;
    }

    private SeriesWalk series(Map<String, Long> times) {
        return new SeriesWalk(
                Planner.assumingFree(Config.DEFAULT)
                        .withWalk(WalkMode.ASYNCHRONOUS)
                        .plan(stepped.builder.build().tree()),
                times);
    }

    private void late() {
        stepped.late(Verb.REBOOT, SteppedRun.DAY, event -> {});
    }

    // A device that is added during the walk.

    @Test
    void seriesHangsOnAConsumerAddedWhileItsSupplierGoesDown() {
        String supplier = stepped.builder.device("/devices/platform", "supplier", "platform", "some");
        String slow = stepped.builder.nvme(PCI, "0000:01:00.0", SteppedRun.SECOND);
        stepped.builder.link(slow, supplier, false);
        SeriesWalk series =
                series(Map.of(slow, SECOND)).at(SECOND / 2, walk -> walk.add(PCI + "/0000:02:00.0", supplier, SECOND));

        assertThat(series.run()).isEqualTo(End.STUCK);
    }

    @Test
    void addedConsumerKeepsItsDriverAndThatOfItsSupplier() {
        String supplier = unbindable(PCI, "0000:01:00.0", "pci");
        unbindable(PCI, "0000:02:00.0", "pci");
        stepped.afterPlanning = () -> {
            String added = stepped.builder.nvme(PCI, "0000:03:00.0", SteppedRun.SECOND);
            stepped.builder.link(added, supplier, false).inUse(added, "mounted on /new");
        };
        late();

        assertThat(stepped.whyLeft("0000:01:00.0"))
                .isEqualTo(new Reason.InUse("0000:01:00.0", new User.Dependent("0000:03:00.0")));
        assertThat(stepped.done()).containsExactly("UNBIND 0000:02:00.0");
    }

    @Test
    void addedChildKeepsItsDriverAndThatOfItsParent() {
        String adapter = unbindable(PCI, "0000:01:00.0", "pci");
        stepped.afterPlanning = () -> stepped.builder.scsiDisk(adapter + "/host0", "0:0:0:0", SteppedRun.SECOND);
        late();

        assertThat(stepped.whyLeft("0000:01:00.0").describe()).contains("needed by 0:0:0:0, which has appeared since");
        assertThat(stepped.done()).isEmpty();
    }

    @Test
    void addedNamespaceInUseKeepsTheDriverOfItsController() {
        stepped.builder.nvme(PCI, "0000:01:00.0", SteppedRun.SECOND);
        String namespace = PCI + "/0000:01:00.0/nvme/nvme0/nvme0n2";
        stepped.afterPlanning = () -> stepped.builder
                .classDevice(namespace, "block", Map.of())
                .inUse(PCI + "/0000:01:00.0/nvme", "mounted on /new");
        late();

        assertThat(stepped.whyLeft("0000:01:00.0")).isInstanceOf(Reason.InUse.class);
        assertThat(stepped.done()).noneMatch(operation -> operation.startsWith("UNBIND"));
    }

    /** Devices are added below devices with drivers, or as their consumers, and have drivers themselves. */
    @Property(tries = 300)
    void runEndsInOrderAndTouchesNoAddedDevice(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 50) int size,
            @ForAll @IntRange(min = 1, max = 5) int added) {
        Machine before = RandomMachine.of(seed, size, SOUND);
        Random random = new Random(seed);
        List<Device> devices = new ArrayList<>(before.tree().devices());
        List<DeviceLink> links = new ArrayList<>(before.tree().links());
        List<Device> driven =
                devices.stream().filter(device -> device.driver().isPresent()).toList();
        for (int i = 0; i < added && !driven.isEmpty(); i++) {
            Device needed = driven.get(random.nextInt(driven.size()));
            boolean below = random.nextBoolean();
            String path = (below ? needed.path() : "/devices") + "/new" + i;
            devices.add(new Device(path, "bus0", true, Optional.of("par"), Map.of()));
            if (!below) {
                links.add(new DeviceLink(needed.path(), path, false, "active"));
            }
        }
        Machine after = Copies.withTree(before, DeviceTree.of(devices, links));
        Timeline timeline = RunOnChangedMachine.run(before.tree(), after);

        RunOnChangedMachine.assertEnded(before.tree(), before, timeline);
        assertThat(timeline.events()).noneMatch(event -> event.device().name().startsWith("new"));
    }

    // A device that vanishes during the walk.

    @Test
    void seriesDoesNotWaitForAVanishedDevice() {
        String supplier = stepped.builder.device("/devices/platform", "supplier", "platform", "some");
        String slow = stepped.builder.nvme(PCI, "0000:01:00.0", SteppedRun.SECOND);
        stepped.builder.link(slow, supplier, false);
        SeriesWalk series = series(Map.of(slow, SECOND)).at(SECOND / 2, walk -> walk.vanish(slow));

        assertThat(series.run()).isEqualTo(End.ENDED);
    }

    @Test
    void vanishedDeviceIsNotAwaited() {
        String supplier = unbindable(PCI, "0000:01:00.0", "pci");
        String gone = unbindable(PCI, "0000:02:00.0", "pci");
        stepped.builder.link(gone, supplier, false).latency(gone, SteppedRun.DAY);
        stepped.afterPlanning = () -> stepped.builder.fault(gone, Fault.VANISHES);
        Timeline timeline = stepped.late(Verb.REBOOT, RunOnChangedMachine.NEVER, event -> {});

        assertThat(stepped.told("0000:02:00.0")).containsExactly("Started", "Done");
        assertThat(stepped.done()).containsExactly("UNBIND 0000:01:00.0");
        assertThat(timeline.took()).isEqualTo(SteppedRun.SECOND);
    }

    @Property(tries = 300)
    void runEndsInOrderWhateverVanishes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
        Machine machine = RandomMachine.of(seed, size, SOUND);
        Random random = new Random(seed);
        Map<String, Fault> faults = new HashMap<>();
        for (Device device : machine.tree().devices()) {
            if (device.driver().isPresent() && random.nextInt(3) == 0) {
                faults.put(device.path(), Fault.VANISHES);
            }
        }
        Timeline timeline = RunOnChangedMachine.run(machine.tree(), Copies.withFaults(machine, faults));

        RunOnChangedMachine.assertEnded(machine.tree(), machine, timeline);
    }

    // A consumer that does not exist.

    @Test
    void seriesReadsAnUninitializedConsumer() {
        String supplier = stepped.builder.nvme(PCI, "0000:01:00.0", SteppedRun.SECOND);
        SeriesWalk series = series(Map.of(supplier, SECOND));
        series.link(PCI + "/0000:02:00.0", supplier);

        assertThat(series.run()).isEqualTo(End.CRASHED);
    }

    @Test
    void absentConsumerIsNotAwaited() {
        String supplier = unbindable(PCI, "0000:01:00.0", "pci");
        stepped.builder.link(PCI + "/0000:02:00.0", supplier, false);
        Timeline timeline = stepped.late(Verb.REBOOT, RunOnChangedMachine.NEVER, event -> {});

        assertThat(stepped.done()).containsExactly("UNBIND 0000:01:00.0");
        assertThat(timeline.took()).isEqualTo(SteppedRun.SECOND);
    }

    @Property(tries = 300)
    void linksToAbsentDevicesChangeNothing(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
        Machine machine = RandomMachine.of(seed, size, SOUND);
        Random random = new Random(seed);
        List<DeviceLink> links = new ArrayList<>(machine.tree().links());
        for (Device device : machine.tree().devices()) {
            if (random.nextBoolean()) {
                links.add(new DeviceLink(device.path(), "/devices/absent", false, "dormant"));
                links.add(new DeviceLink("/devices/absent", device.path(), false, "dormant"));
            }
        }
        DeviceTree tree = DeviceTree.of(machine.tree().devices(), links);
        Timeline timeline = RunOnChangedMachine.run(tree, Copies.withTree(machine, tree));

        RunOnChangedMachine.assertEnded(tree, machine, timeline);
        assertThat(timeline).isEqualTo(RunOnChangedMachine.run(machine.tree(), machine));
    }

    // A parameter that changes during the walk.

    @Test
    void seriesViolatesTheOrderWhenItIsSwitchedOff() {
        String supplier = stepped.builder.device("/devices/platform", "supplier", "platform", "some");
        String slow = stepped.builder.nvme(PCI, "0000:01:00.0", SteppedRun.SECOND);
        String other = stepped.builder.device("/devices/platform", "z", "platform", "some");
        stepped.builder.link(slow, supplier, false);
        SeriesWalk series = series(Map.of(slow, 3 * SECOND, supplier, SECOND, other, SECOND))
                .at(SECOND / 2, walk -> walk.turn(false));

        assertThat(series.run()).isEqualTo(End.ENDED);
        assertThat(series.span(supplier)[0])
                .as("the supplier's beginning, before its consumer's end")
                .isLessThan(series.span(slow)[1]);
    }

    /** Returns a kernel whose parameter changes at each reading, beginning with {@code Y}. */
    private static Kernel turning(Kernel kernel) {
        boolean[] on = new boolean[1];
        return Altered.with(
                new SameDrivers(kernel.drivers()) {
                    @Override
                    public Optional<String> parameter(String module, String name) {
                        if (WalkMode.PARAMETER.equals(module + "." + name)) {
                            on[0] = !on[0];
                            return Optional.of(on[0] ? "Y" : "N");
                        }
                        return super.parameter(module, name);
                    }
                },
                kernel);
    }

    @Test
    void runKeepsItsPlanWhenTheParameterChanges() {
        String supplier = unbindable(PCI, "0000:01:00.0", "pci");
        stepped.builder.link(unbindable(PCI, "0000:02:00.0", "pci"), supplier, false);
        stepped.altered = ParallelKernelTest::turning;
        late();

        assertThat(stepped.done()).containsExactly("UNBIND 0000:02:00.0", "UNBIND 0000:01:00.0");
    }

    @Property(tries = 300)
    void runIsTheSameWheneverTheParameterChanges(
            @ForAll WalkMode walk, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
        Machine machine = RandomMachine.onBuses(RandomMachine.of(seed, size, SOUND), List.of("pci", "scsi", "platform"))
                .withWalk(walk);
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Kernel altered = turning(kernel);
        if (walk == WalkMode.SERIAL) {
            // Discard the first value, so that the planner reads N.
            altered.drivers().parameter("core", "async_shutdown");
        }
        Timeline timeline = RunOnChangedMachine.run(machine.tree(), machine, altered, kernel);

        RunOnChangedMachine.assertEnded(machine.tree(), machine, timeline);
        assertThat(timeline).isEqualTo(RunOnChangedMachine.run(machine.tree(), machine));
    }
}
