// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.method.Ending;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;

/** The ledger of a handled parent, a child without a method, and a handled grandchild. */
class DeviceLedgerTest {
    private final MachineBuilder builder = new MachineBuilder("ledger");
    private final String upper = builder.device("/devices", "upper", "platform", "par");
    private final String between = builder.device(upper, "between", "platform", "");
    private final String lower = builder.device(between, "lower", "platform", "par");
    private final DeviceTree tree = builder.build().tree();
    private final PreparedPlan prepared =
            new PreparedPlan(Planner.assumingFree(RandomMachine.CONFIG).plan(tree));
    private final List<Event> events = new ArrayList<>();
    private final DeviceLedger ledger = new DeviceLedger(prepared, new EventLog(tree, () -> 0, events::add));

    private int index(String path) {
        return tree.indexOf(path);
    }

    private List<String> told(Class<? extends Event> kind) {
        return events.stream()
                .filter(kind::isInstance)
                .map(event -> event.device().name())
                .toList();
    }

    @Test
    void devicesWithoutDependentsAreStartableFirst() {
        assertThat(ledger.states().startable()).containsExactly(index(lower));
    }

    @Test
    void endOfADeviceReleasesTheNextHandledAncestor() {
        ledger.states().startable();

        assertThat(ledger.states().end(index(lower))).containsExactly(index(upper));
        assertThat(ledger.states().is(index(between), State.ENDED)).isTrue();
    }

    @Test
    void deviceLeftToTheKernelHoldsBackItsDependencies() {
        ledger.announceHandled();
        ledger.leaveWithAllItNeeds(index(lower), new Reason.OptedOut(), Optional.empty());

        assertThat(ledger.states().is(index(upper), State.LEFT)).isTrue();
        assertThat(told(Event.LeftToKernel.class)).containsExactly("lower", "upper");
        assertThat(ledger.hasWork()).isFalse();
    }

    @Test
    void deferredDeviceIsStartableInTheNextPart() {
        ledger.announceHandled();
        ledger.leaveWithAllItNeeds(
                index(lower), new Reason.NotReleased("lower"), Optional.of(Event.Awaited.LATE_PHASE));
        assertThat(ledger.states().is(index(upper), State.DEFERRED)).isTrue();
        assertThat(told(Event.Deferred.class)).containsExactly("lower", "upper");

        ledger.beginNext();

        assertThat(ledger.states().startable()).containsExactly(index(lower));
    }

    @Test
    void deviceInFlightIsMarkedOnceAtTheNextPart() {
        ledger.states().set(index(lower), State.IN_FLIGHT);
        assertThat(ledger.endFormerFlight(index(lower))).isFalse();

        ledger.beginNext();

        assertThat(ledger.endFormerFlight(index(lower))).isTrue();
        assertThat(ledger.endFormerFlight(index(lower))).isFalse();
    }

    @Test
    void unfinishedStepDelaysTheDependencies() {
        ledger.states().startable();
        ledger.states().end(index(lower));
        ledger.states().set(index(lower), State.QUEUED);
        ledger.beginFinishing(index(lower));
        assertThat(ledger.isFinishing(index(lower))).isTrue();
        assertThat(ledger.states().startable()).as("the step has not ended").isEmpty();

        assertThat(ledger.endFinishing(index(lower), 7, new Ending.Down())).containsExactly(index(upper));
        assertThat(ledger.isFinishing(index(lower))).isFalse();
        assertThat(told(Event.Finished.class)).containsExactly("lower");
    }
}
