// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.run.Dependents;
import org.quiesced.shutdown.Verb;

/** The rules that concern the operations on a machine, and its state after the run. */
final class MachineRules {
    /** The faults that leave a device without a driver from the beginning. */
    private static final Set<Fault> DRIVERLESS = EnumSet.of(Fault.VANISHES, Fault.BEING_UNBOUND, Fault.BOUND_AGAIN);

    private final Machine machine;
    private final SimulatedKernel kernel;
    private final List<Operation> operations;
    private final Map<Device, Settings> settings;
    private final Set<Verb> verbs;
    private final List<String> complaints = new ArrayList<>();

    private MachineRules(Machine machine, SimulatedKernel kernel, Map<Device, Settings> settings, Set<Verb> verbs) {
        this.machine = machine;
        this.kernel = kernel;
        this.operations = List.copyOf(kernel.log().operations());
        this.settings = settings;
        this.verbs = verbs;
    }

    /**
     * Returns the rules that the operations on a machine and its final state break.
     *
     * @param settings the settings of each device that may be touched
     * @param verbs the verbs of the shutdown; empty if a test requests a stop without a verb
     */
    static List<String> complaints(
            Machine machine, SimulatedKernel kernel, Map<Device, Settings> settings, Set<Verb> verbs) {
        MachineRules rules = new MachineRules(machine, kernel, settings, verbs);
        rules.checkOperations();
        rules.theMachineIsAsItWasButForWhatIsDown();
        return rules.complaints;
    }

    /** Returns the rules that the operations so far break. The final state is not checked, because more may follow. */
    static List<String> complaintsSoFar(
            Machine machine, SimulatedKernel kernel, Map<Device, Settings> settings, Set<Verb> verbs) {
        MachineRules rules = new MachineRules(machine, kernel, settings, verbs);
        rules.checkOperations();
        return rules.complaints;
    }

    private void checkOperations() {
        operations.forEach(this::check);
        complaints.addAll(PathRules.complaints(machine.tree(), operations, this::isBoundAt));
    }

    private void complain(String rule, Object... of) {
        complaints.add(Complaint.text(rule, of));
    }

    private void check(Operation operation) {
        switch (operation.kind()) {
            case UNBIND -> {
                onlyWhatIsPlannedIsTouched(operation);
                noOrderIsBroken(operation);
                nothingInUseIsTouched(operation);
                nothingIsLost(operation);
                once(operation);
            }
            case STOP_HOLDER -> {
                onlyWhatIsPlannedIsTouched(operation);
                nothingInUseIsTouched(operation);
                once(operation);
            }
            case STOP -> {
                onlyWhatIsPlannedIsTouched(operation);
                nothingInUseIsTouched(operation);
                noDiskIsStoppedUnasked(operation);
                once(operation);
            }
            case NOTIFY -> {
                onlyWhatIsPlannedIsTouched(operation);
                noOrderIsBroken(operation);
                nothingInUseIsTouched(operation);
                once(operation);
            }
            case DRIVER_STOP -> complain("no driver stops its disk as it leaves", operation);
            case FLUSH, AWAIT -> {}
        }
    }

    private void onlyWhatIsPlannedIsTouched(Operation operation) {
        if (!settings.containsKey(operation.device())) {
            complain("what is left to the kernel is not touched", operation);
        }
    }

    private void noOrderIsBroken(Operation unbinding) {
        for (Device dependent : Dependents.of(machine.tree()).get(unbinding.device())) {
            boolean isDown = dependent.driver().isEmpty()
                    || hasFault(dependent, DRIVERLESS)
                    || operations.stream()
                            .anyMatch(other -> other.kind().takesDown()
                                    && other.device().equals(dependent)
                                    && other.to() <= unbinding.from());
            if (!isDown) {
                complain("a device starts only after its dependents are down", unbinding, "needed by " + dependent);
            }
        }
    }

    private void nothingInUseIsTouched(Operation operation) {
        for (Device below : machine.tree().below(operation.device()).devices()) {
            if (kernel.isUsedAt(below, operation.from())) {
                complain("nothing in use is touched", operation, below + " has a user");
            }
        }
    }

    private void nothingIsLost(Operation unbinding) {
        Set<Device> below = Set.copyOf(machine.tree().below(unbinding.device()).devices());
        boolean flushFails = below.stream().anyMatch(device -> hasFault(device, EnumSet.of(Fault.FLUSH_FAILS)));
        if (flushFails && isFlushed(unbinding.device())) {
            complain("a drive whose flush fails keeps its driver", unbinding);
        }
        for (Operation flush : operations) {
            boolean isUnderWay = flush.kind() == Kind.FLUSH
                    && below.contains(flush.device())
                    && flush.from() < unbinding.from()
                    && unbinding.from() < flush.to();
            if (isUnderWay) {
                complain("a drive that is being flushed keeps its driver", unbinding, flush);
            }
        }
    }

    private boolean isFlushed(Device device) {
        Settings said = settings.getOrDefault(device, Settings.NONE);
        Settings.Flush flush = said.flush().orElse(Settings.Flush.AUTO);
        return flush == Settings.Flush.ALWAYS || flush == Settings.Flush.AUTO && !said.asksToUnbind();
    }

    private void once(Operation operation) {
        long times = operations.stream()
                .filter(other ->
                        other.kind() == operation.kind() && other.device().equals(operation.device()))
                .count();
        if (times > 1 + kernel.bindings(operation.device())) {
            complain("one unbinding and one stop, never two", operation);
        }
    }

    private void noDiskIsStoppedUnasked(Operation stop) {
        boolean atRestart = machine.tree().below(stop.device()).devices().stream()
                .anyMatch(below -> below.attribute("manage_restart").equals(Optional.of("1")));
        if (!atRestart && !verbs.isEmpty() && verbs.stream().noneMatch(Verb::stopsDisks)) {
            complain("no disk is stopped at reboot and kexec", stop);
        }
    }

    private void theMachineIsAsItWasButForWhatIsDown() {
        if (kernel.hasExpeditedGracePeriods()) {
            complain("grace periods are as before");
        }
        if (kernel.claimsHeld() != 0) {
            complain("all claims are given back", kernel.claimsHeld());
        }
        for (Device device : machine.tree().devices()) {
            if (device.isA("scsi_disk") && ownerOf(device).filter(this::isBound).isPresent()) {
                device.attributes().forEach((name, value) -> {
                    Optional<String> present = kernel.attributes().read(device, name);
                    if (!present.equals(Optional.of(value))) {
                        complain("a disk that stays is as it was", device, name + "=" + present);
                    }
                });
            }
        }
    }

    /** Returns whether the driver of a device is bound in the final state. */
    boolean isBound(Device device) {
        return !hasFault(device, DRIVERLESS) && kernel.drivers().isBound(device);
    }

    private boolean isBoundAt(Device path, long time) {
        return !hasFault(path, DRIVERLESS)
                && !path.attribute("state").orElse("").endsWith("offline")
                && operations.stream()
                        .noneMatch(operation -> operation.kind() == Kind.UNBIND
                                && operation.device().equals(path)
                                && operation.to() <= time);
    }

    private Optional<Device> ownerOf(Device device) {
        Optional<Device> owner = machine.tree().parent(device);
        while (owner.isPresent() && owner.get().driver().isEmpty()) {
            owner = machine.tree().parent(owner.get());
        }
        return owner;
    }

    private boolean hasFault(Device device, Set<Fault> faults) {
        return Optional.ofNullable(machine.faults().get(device.path()))
                .filter(faults::contains)
                .isPresent();
    }
}
