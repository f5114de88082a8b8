// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.estimate.KernelWalk.Step;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.Dependents;
import org.quiesced.run.RandomMachine;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** The kernel's walk takes the sum of its devices, or the longest chain where the kernel shuts down in parallel. */
class KernelWalkTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());
    private static final String PCI = "/devices/pci";

    private final MachineBuilder builder = new MachineBuilder("walk");

    private static Plan plan(Machine machine, Config config, WalkMode walk) {
        return Planner.assumingFree(config).withWalk(walk).plan(machine.tree());
    }

    private static List<Step> steps(Machine machine, WalkMode walk, Verb verb) {
        return KernelWalk.steps(plan(machine, ALL, walk), machine, verb, device -> true);
    }

    private static Duration duration(Machine machine, WalkMode walk) {
        return KernelWalk.duration(steps(machine, walk, Verb.POWEROFF));
    }

    private Duration parallel() {
        return duration(builder.build(), WalkMode.ASYNCHRONOUS);
    }

    private static Duration seconds(double count) {
        return Duration.ofMillis(Math.round(count * 1000));
    }

    private String device(String name, String bus, double latency) {
        String path = builder.device(PCI, name, bus, "some");
        builder.latency(path, seconds(latency));
        return path;
    }

    @Test
    void walkTakesTheSumOrTheSlowestDrive() {
        for (String name : BuiltInMachines.names()) {
            Machine machine = BuiltInMachines.byName(name).orElseThrow();
            Duration sum = machine.latencies().values().stream().reduce(Duration.ZERO, Duration::plus);
            Duration slowest = machine.latencies().values().stream()
                    .max(Duration::compareTo)
                    .orElseThrow();

            assertThat(duration(machine, WalkMode.SERIAL)).as(name).isEqualTo(sum);
            assertThat(duration(machine, WalkMode.ASYNCHRONOUS)).as(name).isEqualTo(slowest);
        }
    }

    @Test
    void markedDeviceWaitsForItsChildrenAndConsumers() {
        String supplier = device("a", "pci", 3);
        String child = builder.device(supplier, "child", "scsi", "some");
        builder.latency(child, seconds(2));
        String consumer = device("b", "pci", 4);
        builder.link(consumer, supplier, false);

        assertThat(parallel()).isEqualTo(seconds(7));
    }

    @Test
    void syncStateOnlyLinkOrdersNothing() {
        String supplier = device("a", "pci", 3);
        builder.link(device("b", "pci", 4), supplier, true);

        assertThat(parallel()).isEqualTo(seconds(4));
    }

    /** The series does not consider virtual functions. */
    @Test
    void physicalFunctionDoesNotWaitForItsVirtualFunctions() {
        String physical = device("a", "pci", 3);
        builder.virtualFunction(device("b", "pci", 4), physical);

        assertThat(parallel()).isEqualTo(seconds(4));
    }

    @Test
    void unmarkedDevicesGoOneByOneBesideMarkedOnes() {
        device("a", "platform", 2);
        device("b", "pci", 3);
        device("c", "usb", 2);

        assertThat(parallel()).isEqualTo(seconds(4));
    }

    @Test
    void unmarkedSupplierBlocksTheWalkUntilItsConsumerIsDown() {
        device("a", "platform", 1);
        String supplier = device("b", "platform", 2);
        builder.link(device("c", "pci", 3), supplier, false);

        assertThat(parallel()).isEqualTo(seconds(6));
    }

    @Test
    void scsiDiskTakesTimeOnlyWhenItIsStopped() {
        Machine machine = BuiltInMachines.byName("sas-60").orElseThrow();

        assertThat(steps(machine, WalkMode.ASYNCHRONOUS, Verb.REBOOT)).isEmpty();
        assertThat(steps(machine, WalkMode.ASYNCHRONOUS, Verb.POWEROFF))
                .hasSize(60)
                .allMatch(step -> step.from() == 0);
    }

    @Test
    void deviceWithoutADriverTakesNoTime() {
        Machine machine = BuiltInMachines.byName("nvme-24").orElseThrow();

        assertThat(KernelWalk.steps(plan(machine, ALL, WalkMode.ASYNCHRONOUS), machine, Verb.REBOOT, device -> false))
                .isEmpty();
    }

    @Test
    void walkWaitsOnlyForDevicesInFlight() {
        String root = builder.nvme(PCI, "0000:01:00.0", seconds(3));
        String ours = builder.nvme(PCI, "0000:02:00.0", seconds(4));
        Machine machine = builder.build();
        Device inFlight = machine.tree().find(ours).orElseThrow();
        for (WalkMode walk : WalkMode.values()) {
            List<Step> steps = KernelWalk.steps(
                    plan(machine, ALL, walk),
                    machine,
                    Verb.REBOOT,
                    device -> device.path().equals(root),
                    Map.of(inFlight, seconds(2).toNanos()));

            assertThat(steps).hasSize(1);
            assertThat(steps.get(0).from())
                    .as("%s", walk)
                    .isEqualTo(walk == WalkMode.SERIAL ? seconds(2).toNanos() : 0);
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void walkOfAHundredThousandChainedDevicesIsQuick() {
        MachineBuilder large = new MachineBuilder("large");
        String last = large.device("/devices", "d0", "pci", "some");
        for (int i = 1; i < 100_000; i++) {
            String next = large.device("/devices", "d" + i, "pci", "some");
            large.link(next, last, false);
            last = next;
        }
        large.latency(last, seconds(1));
        large.latency("/devices/d0", seconds(1));

        assertThat(duration(large.build(), WalkMode.ASYNCHRONOUS)).isEqualTo(seconds(2));
    }

    /** Returns a random machine with devices on buses that the series marks, and on others. */
    private static Machine marked(long seed, int size, boolean cycles) {
        return RandomMachine.onBuses(
                RandomMachine.of(seed, size, new RandomMachine.Traits(true, false, cycles)),
                List.of("pci", "scsi", "platform"));
    }

    @Property(tries = 300)
    void walkTakesAsLongAsTheThreadsOfTheSeries(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
        Machine machine = marked(seed, size, false);
        Plan plan = plan(machine, RandomMachine.CONFIG, WalkMode.ASYNCHRONOUS);
        List<Step> steps = KernelWalk.steps(plan, machine, Verb.REBOOT, device -> true);
        Map<String, Long> times = new HashMap<>();
        steps.forEach(step -> times.put(step.device().path(), step.to() - step.from()));
        SeriesWalk series = new SeriesWalk(plan, times);

        assertThat(series.run()).isEqualTo(SeriesWalk.End.ENDED);
        assertThat(KernelWalk.duration(steps).toNanos()).isEqualTo(series.duration());
        steps.forEach(step -> assertThat(series.span(step.device().path())).containsExactly(step.from(), step.to()));
    }

    @Property(tries = 300)
    void walkIsNoLongerThanTheSerialWalkNorShorterThanTheSlowestDevice(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
        Machine machine = marked(seed, size, true);
        Duration serial = duration(machine, WalkMode.SERIAL);
        List<Step> steps = steps(machine, WalkMode.ASYNCHRONOUS, Verb.POWEROFF);

        assertThat(KernelWalk.duration(steps)).isLessThanOrEqualTo(serial);
        assertThat(steps).allMatch(step -> step.to() <= serial.toNanos());
        assertThat(steps)
                .hasSameSizeAs(steps(machine, WalkMode.SERIAL, Verb.POWEROFF))
                .allMatch(step -> step.to() - step.from()
                        == machine.of(step.device()).orElseThrow().toNanos());
    }

    /** After the handover, the devices in flight and the kernel's devices end in the order of their dependencies. */
    @Property(tries = 300)
    void orderHoldsBesideDevicesInFlight(
            @ForAll WalkMode walk, @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
        Machine machine = marked(seed, size, false);
        Plan plan = plan(machine, RandomMachine.ALL_PARALLEL, walk);
        SimulatedKernel kernel = new SimulatedKernel(machine);
        CheckedRun run = CheckedRun.of(machine, kernel, plan);
        run.late(Verb.REBOOT, kernel, Duration.ofDays(1), event -> {});
        Timeline timeline = run.execute();
        Handover handover = Handover.of(timeline);
        Map<Device, Long> ends = new HashMap<>();
        Set<Device> down = new HashSet<>();
        timeline.outcomes().stream().filter(Timeline.Outcome::isDown).forEach(outcome -> {
            down.add(outcome.device());
            ends.put(outcome.device(), outcome.ended() - handover.at());
        });
        List<Step> rest =
                KernelWalk.steps(plan, machine, Verb.REBOOT, device -> !down.contains(device), handover.inFlight());
        rest.forEach(step -> ends.put(step.device(), step.to()));

        assertThat(handover.at()).isLessThanOrEqualTo(timeline.took().toNanos());
        Map<Device, Set<Device>> dependents = Dependents.of(machine.tree());
        for (Step step : rest) {
            assertThat(dependents.get(step.device()))
                    .as("%s %s", walk, step)
                    .allMatch(dependent -> ends.getOrDefault(dependent, 0L) <= step.from());
        }
    }
}
