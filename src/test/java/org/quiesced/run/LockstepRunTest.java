// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/**
 * The machine and the run of a test of devices that do not end in time, or whose shutdown changes meanwhile. The run is
 * in virtual time.
 */
abstract class LockstepRunTest {
    static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());
    static final Duration SECOND = Duration.ofSeconds(1);
    static final String FIRST = "0000:01:00.0";
    static final String SECOND_DRIVE = "0000:02:00.0";

    final MachineBuilder builder = new MachineBuilder("giving-up");
    final List<Event> events = new ArrayList<>();
    final Lockstep time = new Lockstep();
    SimulatedKernel kernel;
    Run run;

    @AfterEach
    void settle() {
        time.awaitAllOthers();
    }

    String nvme(String address, Duration latency) {
        return builder.nvme("/devices/pci0000:00/0000:00:01.0", address, latency);
    }

    String disk(String address) {
        return builder.scsiDisk("/devices/pci0000:00/0000:00:02.0/host0", address, SECOND);
    }

    Timeline late(Config config, Duration deadline, IntPredicate workerCanStart, Consumer<Run> meanwhile) {
        Machine machine = builder.build();
        kernel = time.kernel(machine, workerCanStart);
        CheckedRun checked = checked(machine, config);
        run = checked.late(Verb.REBOOT, kernel, deadline, events::add);
        meanwhile.accept(run);
        return checked.execute();
    }

    Timeline early(Verb verb, BiConsumer<Event, Run> reaction) {
        Machine machine = builder.build();
        kernel = time.kernel(machine);
        AtomicReference<Run> self = new AtomicReference<>();
        CheckedRun checked = checked(machine, ALL);
        run = checked.early(verb, kernel, target -> Optional.empty(), event -> {
            events.add(event);
            reaction.accept(event, self.get());
        });
        self.set(run);
        return checked.execute();
    }

    CheckedRun checked(Machine machine, Config config) {
        return CheckedRun.of(machine, kernel, Planner.assumingFree(config).plan(machine.tree()), time);
    }

    List<String> operations(Kind kind) {
        return kernel.log().operations().stream()
                .filter(operation -> operation.kind() == kind)
                .map(Operation::device)
                .map(device -> device.name())
                .toList();
    }
}
