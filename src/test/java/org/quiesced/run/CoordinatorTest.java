// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerPool;

/** The coordinator alone: its workers do nothing, and the test sends the signals. */
class CoordinatorTest {
    private static final Duration DEADLINE = Duration.ofSeconds(80);
    /** Maximum time for which the coordinator waits at its end for workers that restore grace periods. */
    private static final long SOON = Duration.ofSeconds(1).toNanos();

    private final Workless pool = new Workless();
    private final List<Event> events = new ArrayList<>();
    private final SimulatedKernel kernel;
    private final Plan plan;
    private final int supplier;
    private final int consumer;

    /** A pool in virtual time whose workers take tasks and never begin them, with a mailbox that the test fills. */
    private static final class Workless implements WorkerPool<Signal> {
        private final Deque<Signal> mailbox = new ArrayDeque<>();
        private final List<String> started = new ArrayList<>();
        private final List<Long> waits = new ArrayList<>();
        private long now;

        @Override
        public void start(String name, Task<Signal> task) {
            started.add(name);
        }

        @Override
        public void startReserved(Task<Signal> task) {
            started.add("reserve");
        }

        @Override
        public boolean aside(Runnable work) {
            return true;
        }

        @Override
        public boolean waitFor(Future<?> result, long until) {
            throw new AssertionError("the coordinator waits only for its mailbox");
        }

        @Override
        public void post(Signal signal) {
            mailbox.add(signal);
        }

        @Override
        public Optional<Signal> await(long until) {
            waits.add(until);
            Optional<Signal> next = Optional.ofNullable(mailbox.poll());
            now = next.isPresent() ? now + 1 : Math.max(now, until);
            return next;
        }

        @Override
        public long now() {
            return now;
        }
    }

    CoordinatorTest() {
        MachineBuilder builder = new MachineBuilder("a supplier and its consumer");
        String first = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        String second = builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(1));
        builder.link(second, first, false);
        Machine machine = builder.build();
        kernel = new SimulatedKernel(machine);
        plan = Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of())).plan(machine.tree());
        supplier = index(first);
        consumer = index(second);
    }

    private int index(String path) {
        return plan.tree().indexOf(path);
    }

    private Timeline execute(RunOptions options) {
        PreparedPlan prepared = new PreparedPlan(plan);
        EventLog eventLog = new EventLog(plan.tree(), pool::now, events::add);
        RunControl control = new RunControl(Verb.REBOOT, options, pool::now, eventLog.begin());
        DeviceLedger ledger = new DeviceLedger(prepared, eventLog);
        return new Coordinator(prepared, kernel, pool, control, ledger, options).execute();
    }

    private Timeline late() {
        return execute(RunOptions.late(DEADLINE, false));
    }

    @Test
    void deviceStartsWhenItsLastDependentSignalsItsEnd() {
        pool.post(new Signal.Ended(consumer, 5, new Ending.Down()));
        pool.post(new Signal.Ended(supplier, 7, new Ending.Down()));

        assertThat(late().outcomes()).hasSize(2).allMatch(Timeline.Outcome::isDown);
        assertThat(pool.started).containsExactly("down-0000:02:00.0", "down-0000:01:00.0");
        assertThat(pool.now()).as("no further wait").isLessThan(2 * SOON);
    }

    @Test
    void stalledDeviceEndsTheRun() {
        Timeline timeline = late();

        assertThat(pool.started).containsExactly("down-0000:02:00.0");
        assertThat(timeline.outcomes()).hasSize(2).noneMatch(Timeline.Outcome::isDown);
        assertThat(timeline.took())
                .as("then it waits a second for workers that restore grace periods")
                .isBetween(Flights.PREPARATION, Flights.PREPARATION.plusSeconds(1));
    }

    @Test
    void waitsEndAtTheDeadline() {
        pool.post(new Signal.Acting(
                consumer,
                1,
                new Removal(
                        ((Handled) plan.dispositions().get(consumer)).method(),
                        ((Handled) plan.dispositions().get(consumer)).target(),
                        Verb.REBOOT),
                Optional.of(Duration.ofHours(1))));

        assertThat(late().took()).isLessThanOrEqualTo(DEADLINE);
        assertThat(pool.waits).allMatch(until -> until <= DEADLINE.toNanos() + SOON);
    }

    @Test
    void coordinatorNeverCallsTheKernel() {
        pool.post(new Signal.Ended(consumer, 5, new Ending.Down()));
        late();

        assertThat(kernel.log().operations()).isEmpty();
    }

    @Test
    void signalsOfOtherPhasesAreIgnored() {
        pool.post(new Signal.Cancel());
        pool.post(new Signal.Late(Verb.POWEROFF, Duration.ZERO, false));
        pool.post(new Signal.Hurry());
        pool.post(new Signal.Ended(consumer, 5, new Ending.Down()));
        pool.post(new Signal.Ended(supplier, 7, new Ending.Down()));

        Timeline timeline = late();

        assertThat(timeline.outcomes()).hasSize(2).allMatch(Timeline.Outcome::isDown);
        assertThat(timeline.verb()).isEqualTo(Verb.REBOOT);
    }

    @Test
    void abandonedRunStartsNothing() {
        pool.post(new Signal.Abandon());
        pool.post(new Signal.Ended(consumer, 5, new Ending.Down()));

        assertThat(late().outcomes())
                .hasSize(2)
                .filteredOn(outcome -> outcome.leftBecause().isPresent())
                .anySatisfy(outcome -> assertThat(outcome.leftBecause()).contains(new Reason.HookEnded(false)));
        assertThat(pool.started).containsExactly("down-0000:02:00.0");
    }

    @Test
    void earlyPhaseWaitsForTheLatePhase() {
        pool.post(new Signal.Ended(consumer, 5, new Ending.Down()));
        pool.post(new Signal.Ended(supplier, 7, new Ending.Down()));
        pool.post(new Signal.Late(Verb.POWEROFF, DEADLINE, false));

        Timeline timeline = execute(RunOptions.early((method, target) -> Optional.empty()));

        assertThat(timeline.outcomes()).hasSize(2).allMatch(Timeline.Outcome::isDown);
        assertThat(timeline.verb()).isEqualTo(Verb.POWEROFF);
        assertThat(pool.mailbox).isEmpty();
    }
}
