// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** Properties of runs on random machines. Order and times are those of the machine's log, not of the run's events. */
class RunPropertiesTest {
    private static final RandomMachine.Traits ALL = new RandomMachine.Traits(true, true, true);
    private static final RandomMachine.Traits SOUND = new RandomMachine.Traits(false, false, false);
    private static final Duration NEVER = Duration.ofDays(36_500);

    private static Simulated run(long seed, int size, RandomMachine.Traits traits, Config config, int workersFailFrom) {
        Machine machine = RandomMachine.of(seed, size, traits);
        Random flaky = new Random(seed);
        return Simulated.run(
                machine, config, Verb.REBOOT, NEVER, attempt -> attempt < workersFailFrom || flaky.nextInt(3) == 0);
    }

    @Property(tries = 400)
    void noDeviceStartsBeforeAllItsDependentsEnded(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int size,
            @ForAll @IntRange(max = 100) int workers) {
        assertOrder(run(seed, size, ALL, RandomMachine.CONFIG, workers));
    }

    @Property(tries = 400)
    void everyDeviceHasExactlyOneOutcome(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int size,
            @ForAll @IntRange(max = 100) int workers) {
        Simulated run = run(seed, size, ALL, RandomMachine.CONFIG, workers);

        Map<Device, Integer> planned = new HashMap<>();
        Map<Device, Integer> ended = new HashMap<>();
        for (Event event : run.timeline().events()) {
            assertThat(ended).as("no event after the last one").doesNotContainKey(event.device());
            if (event instanceof Event.Planned) {
                planned.merge(event.device(), 1, Integer::sum);
            }
            if (event.isLast()) {
                ended.merge(event.device(), 1, Integer::sum);
            }
        }
        Set<Device> driven = new HashSet<>(run.plan().driven());
        assertThat(planned.keySet()).isEqualTo(driven);
        assertThat(ended.keySet()).isEqualTo(driven);
        assertThat(planned.values()).allMatch(count -> count == 1);
        assertThat(ended.values()).allMatch(count -> count == 1);
        assertThat(run.kernel().log().operations())
                .extracting(Operation::device)
                .doesNotHaveDuplicates();
        assertThat(run.timeline().outcomes()).hasSameSizeAs(driven);
    }

    @Property(tries = 400)
    void runEndsWhateverFailsAndWhereverWorkersRunOut(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int size,
            @ForAll @IntRange(max = 100) int workers) {
        Simulated run = run(seed, size, ALL, RandomMachine.CONFIG, workers);

        // Worst case: the devices go down one after the other, and each hung device blocks the next until it ends.
        long all = run.machine().latencies().values().stream()
                        .mapToLong(Duration::toNanos)
                        .sum()
                + run.machine().faults().values().stream()
                                .filter(Fault.HANGS::equals)
                                .count()
                        * Duration.ofHours(1).toNanos();
        assertThat(run.timeline().took().toNanos()).isLessThanOrEqualTo(all);
        assertThat(run.timeline().outcomes())
                .flatExtracting(outcome -> outcome.leftBecause().stream().toList())
                .noneMatch(Reason.DeadlineReached.class::isInstance);
    }

    @Property(tries = 200)
    void failedDeviceLeavesItsDependenciesToTheKernel(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int size) {
        Simulated run = run(seed, size, ALL, RandomMachine.CONFIG, Integer.MAX_VALUE);
        Map<Device, Set<Device>> dependents = Dependents.of(run.machine().tree());

        Set<Device> left = new HashSet<>();
        run.timeline().outcomes().stream()
                .filter(outcome -> !outcome.isDown())
                .forEach(outcome -> left.add(outcome.device()));
        for (Operation operation : run.kernel().log().operations()) {
            assertThat(dependents.get(operation.device())).noneMatch(left::contains);
        }
    }

    @Property(tries = 200)
    void runOfParallelDevicesTakesTheCriticalPath(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int size) {
        Simulated run = run(seed, size, SOUND, RandomMachine.ALL_PARALLEL, Integer.MAX_VALUE);

        Map<Device, Set<Device>> dependents = Dependents.of(run.machine().tree());
        Map<Device, Operation> operations = new HashMap<>();
        run.kernel().log().operations().forEach(operation -> operations.put(operation.device(), operation));
        long critical = 0;
        for (Operation operation : operations.values()) {
            long ready = dependents.get(operation.device()).stream()
                    .filter(operations::containsKey)
                    .mapToLong(dependent -> operations.get(dependent).to())
                    .max()
                    .orElse(0);
            assertThat(operation.from()).as("starts the moment that it may").isEqualTo(ready);
            critical = Math.max(critical, operation.to());
        }
        assertThat(operations).hasSize(run.plan().driven().size());
        assertThat(run.timeline().took().toNanos()).isEqualTo(critical);
    }

    private static void assertOrder(Simulated run) {
        Map<Device, Set<Device>> dependents = Dependents.of(run.machine().tree());
        Map<Device, Operation> operations = new HashMap<>();
        run.kernel().log().operations().forEach(operation -> operations.put(operation.device(), operation));
        for (Operation operation : operations.values()) {
            for (Device dependent : dependents.get(operation.device())) {
                if (dependent.driver().isEmpty() || run.machine().faults().get(dependent.path()) == Fault.VANISHES) {
                    continue;
                }
                assertThat(operations)
                        .as(operation.device() + " needs " + dependent + " down")
                        .containsKey(dependent);
                assertThat(operation.from())
                        .isGreaterThanOrEqualTo(operations.get(dependent).to());
            }
        }
    }
}
