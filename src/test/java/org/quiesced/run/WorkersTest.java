// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;

/**
 * Grace periods are expedited from the first task to the end of the run, by any worker, and the end does not wait long
 * for their restoration.
 */
class WorkersTest {
    private static final long NOW = 5_000_000_000L;
    private static final long MOMENT = 1_000_000_000L;

    private final MachineBuilder builder = new MachineBuilder("workers");
    private final String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
    private final SimulatedKernel kernel = new SimulatedKernel(builder.build());
    private final Plan plan =
            Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of())).plan(kernel.readTree());
    private final List<Long> awaited = new ArrayList<>();
    private final List<Signal> mailbox = new ArrayList<>();
    private boolean hasAside = true;
    private boolean hasReserve = true;

    /** Executes other tasks at once if a worker is available, and ignores tasks of devices. */
    private final WorkerPool<Signal> pool = new WorkerPool<>() {
        @Override
        public void start(String name, Task<Signal> task) {}

        @Override
        public void startReserved(Task<Signal> task) throws NoWorkerException {
            if (!hasReserve) {
                throw new NoWorkerException("no thread");
            }
            if (!(task instanceof DeviceTask)) {
                task.run(mailbox::add);
            }
        }

        @Override
        public boolean aside(Runnable work) {
            if (hasAside) {
                work.run();
            }
            return hasAside;
        }

        @Override
        public Optional<Signal> await(long until) {
            awaited.add(until);
            return mailbox.isEmpty() ? Optional.empty() : Optional.of(mailbox.remove(0));
        }

        @Override
        public boolean waitFor(Future<?> result, long until) {
            return result.isDone();
        }

        @Override
        public void post(Signal signal) {
            mailbox.add(signal);
        }

        @Override
        public long now() {
            return NOW;
        }
    };

    private final Workers workers = new Workers(kernel, pool);

    private DeviceTask task() {
        int index = plan.tree().indexOf(drive);
        Handled handled = (Handled) plan.dispositions().get(index);
        return new DeviceTask(
                index,
                handled,
                handled.method()::shutdown,
                Verb.REBOOT,
                Phase.LATE,
                kernel,
                workers.scans(),
                workers.flushes(),
                new Permit(),
                workers.phaseLasts(),
                target -> Optional.empty(),
                pool::now,
                () -> Long.MAX_VALUE,
                () -> Verb.REBOOT,
                () -> true);
    }

    private boolean areExpedited() {
        return kernel.hasExpeditedGracePeriods();
    }

    @Test
    void gracePeriodsAreExpeditedFromTheFirstTaskToTheEnd() throws NoWorkerException {
        assertThat(areExpedited()).isFalse();
        workers.start(task(), plan.tree());
        assertThat(areExpedited()).isTrue();
        workers.end();

        assertThat(areExpedited()).isFalse();
        assertThat(awaited).as("for a second at the most").containsExactly(NOW + MOMENT);
    }

    @Test
    void reservedWorkerExpeditesGracePeriods() throws NoWorkerException {
        workers.startReserved(task(), plan.tree());

        assertThat(areExpedited()).isTrue();
    }

    @Test
    void endWithoutATaskWaitsForNothing() {
        workers.end();

        assertThat(awaited).isEmpty();
    }

    @Test
    void reservedWorkerRestoresGracePeriodsWithoutAThread() throws NoWorkerException {
        workers.start(task(), plan.tree());
        hasAside = false;
        workers.end();

        assertThat(areExpedited()).isFalse();
        assertThat(awaited).containsExactly(NOW + MOMENT);
    }

    @Test
    void endWithoutAWorkerWaitsForNothing() throws NoWorkerException {
        workers.start(task(), plan.tree());
        hasAside = false;
        hasReserve = false;
        workers.end();

        assertThat(awaited).isEmpty();
    }

    @Test
    void signalsDuringTheEndAreDropped() throws NoWorkerException {
        workers.start(task(), plan.tree());
        mailbox.add(new Signal.Cancel());
        mailbox.add(new Signal.Abandon());
        workers.end();

        assertThat(mailbox).isEmpty();
        assertThat(awaited).hasSize(3);
    }
}
