// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.OtherDriverException;

/** Drivers whose unbind takes the device's latency and may fail. */
final class SimulatedDrivers implements Drivers {
    /** A time longer than any time limit. */
    static final Duration AGES = Duration.ofHours(1);

    /** The other driver of a device with the fault {@link Fault#OTHER_DRIVER}. */
    static final String OTHER = "vfio-pci";

    /** The faults with which a device shows no driver. */
    private static final Set<Fault> DRIVERLESS = EnumSet.of(Fault.VANISHES, Fault.BEING_UNBOUND, Fault.BOUND_AGAIN);

    /** The attributes of a disk that make its driver stop it when it is unbound. */
    private static final Set<String> STOPPING =
            Set.of("manage_start_stop", "manage_system_start_stop", "manage_runtime_start_stop");

    private final Machine machine;
    private final OperationLog log;
    private final SimulatedMessages messages;
    private final SimulatedAttributes attributes;
    private final Set<Device> unbound = ConcurrentHashMap.newKeySet();
    /** Devices whose driver is being unbound; they show no driver. */
    private final Set<Device> leaving = ConcurrentHashMap.newKeySet();

    private final Map<Device, Integer> bindings = new ConcurrentHashMap<>();

    SimulatedDrivers(Machine machine, OperationLog log, SimulatedMessages messages, SimulatedAttributes attributes) {
        this.machine = machine;
        this.log = log;
        this.messages = messages;
        this.attributes = attributes;
    }

    @Override
    public Optional<String> present(Device device) {
        if (machine.faults().get(device.path()) == Fault.OTHER_DRIVER) {
            return Optional.of(otherOf(device));
        }
        boolean hasNone = unbound.contains(device) || leaving.contains(device) || isDriverless(device);
        return hasNone ? Optional.empty() : device.driver();
    }

    private static String otherOf(Device device) {
        return device.driver().equals(Optional.of(OTHER)) ? "nvme" : OTHER;
    }

    private boolean isDriverless(Device device) {
        Fault fault = machine.faults().get(device.path());
        return fault != null && DRIVERLESS.contains(fault);
    }

    @Override
    public void unbind(Device device) throws IOException {
        Fault fault = machine.faults().get(device.path());
        if (fault == Fault.OTHER_DRIVER) {
            throw new OtherDriverException(device, otherOf(device));
        }
        if (fault == Fault.UNBIND_FAILS || !isBound(device)) {
            throw new IOException(device.name() + ": unbind: No such device");
        }
        // The latency of a SCSI disk is that of START STOP UNIT, a separate step.
        Duration latency = device.isBoundTo("scsi", "sd")
                ? Duration.ZERO
                : machine.of(device).orElse(Duration.ZERO);
        leaving.add(device);
        log.perform(device, OperationLog.Kind.UNBIND, fault == Fault.HANGS ? AGES : latency);
        if (device.isBoundTo("scsi", "sd") && stopsAsItLeaves(device)) {
            log.perform(
                    device, OperationLog.Kind.DRIVER_STOP, machine.of(device).orElse(Duration.ZERO));
        }
        unbound.add(device);
        leaving.remove(device);
        messages.sayAtUnbind();
        if (fault == Fault.UNCONFIRMED) {
            giveUp(device);
        }
    }

    /**
     * Returns whether the driver stops the disk when it is unbound, regardless of the verb, as {@code sd_remove} does
     * since Linux 6.17.
     */
    private boolean stopsAsItLeaves(Device device) {
        return machine.tree().descendants(device).stream()
                .filter(below -> below.isA("scsi_disk"))
                .anyMatch(scsiDisk -> attributes.writable(scsiDisk).stream()
                        .filter(STOPPING::contains)
                        .anyMatch(name -> attributes.read(scsiDisk, name).equals(Optional.of("1"))));
    }

    private void giveUp(Device device) {
        machine.tree().descendants(device).stream()
                .filter(below -> below.isA("nvme"))
                .forEach(controller ->
                        messages.say("nvme " + controller.name() + ": Device not ready; aborting shutdown, CSTS=0x1"));
    }

    @Override
    public void awaitUnbound(Device device) throws IOException {
        if (machine.faults().get(device.path()) == Fault.BEING_UNBOUND) {
            log.perform(device, OperationLog.Kind.AWAIT, machine.of(device).orElse(Duration.ZERO));
        } else if (isBound(device)) {
            unbind(device);
        }
    }

    @Override
    public void bind(Device device) throws IOException {
        if (!unbound.remove(device)) {
            throw new IOException(device.name() + ": bind: No such device");
        }
        bindings.merge(device, 1, Integer::sum);
    }

    int bindings(Device device) {
        return bindings.getOrDefault(device, 0);
    }

    @Override
    public List<String> boundDependents(Device device, DeviceTree below) {
        Stream<Device> consumers = machine.tree().consumersOf(device).stream()
                .filter(link -> !link.syncStateOnly() && !link.status().equals(DeviceLink.PHYSICAL_FUNCTION))
                .flatMap(link -> machine.tree().find(link.consumer()).stream());
        return Stream.concat(below.devices().stream().filter(each -> !each.equals(device)), consumers)
                .filter(dependent ->
                        dependent.driver().isPresent() && present(dependent).isPresent())
                .map(Device::name)
                .toList();
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return Optional.ofNullable(machine.parameters().get(module + "." + name));
    }
}
