// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** Executes a method on one device of a simulated machine, and records its reports. */
final class MethodRun implements ShutdownMethod.Progress {
    /** Whether a disk may go down in the phase. */
    Predicate<Device> released = disk -> true;

    final MachineBuilder builder = new MachineBuilder("methods");
    final List<Duration> allowed = new ArrayList<>();
    /** The device as the method has found it; null if it has not reported that. */
    Target found;

    SimulatedKernel kernel;
    boolean flushed;
    boolean joined;

    /** The operations that were done before the method reported that a disk is about to be stopped. */
    List<String> beforeStop = List.of();

    /** Time limit for the removal of the driver, as reported by the method. */
    Duration removal;

    /** How often the method may act before it is given up. */
    int acts = Integer.MAX_VALUE;

    /** The phase of the run. */
    Phase phase = Phase.LATE;

    /** The current verb when the method asks for it; null if it is that of the call. */
    Verb present;

    /** Whether steps that have begun are to be completed. */
    boolean isWanted = true;

    /** Time limit of the run. */
    Duration deadline = Duration.ofHours(2);

    /** Replaces the machine's kernel for the method. */
    UnaryOperator<Kernel> altered = UnaryOperator.identity();

    private final Map<Device, Settings> asked = new HashMap<>();
    private final Set<Verb> verbs = EnumSet.noneOf(Verb.class);
    private Supplier<Long> clock;

    /** Adds a device with a disk, of a kind that a method supports; returns its path. */
    String device(String method) {
        switch (method) {
            case "nvme":
                return builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));
            case "nvme-multipath":
                String controller = builder.device("/devices/pci", "0000:02:00.0", "pci", "nvme");
                builder.classDevice(controller + "/nvme/nvme1", "nvme", Map.of("state", "live"))
                        .classDevice(controller + "/nvme/nvme1/nvme5c1n1", "block", Map.of())
                        .classDevice("/devices/virtual/nvme-subsystem/nvme-subsys5/nvme5n1", "block", Map.of());
                return controller;
            case "scsi":
                return builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(3));
            default:
                String path = builder.device("/devices", "virtio0", "virtio", "virtio_blk");
                builder.classDevice(path + "/block/vda", "block", Map.of()).latency(path, Duration.ofSeconds(3));
                return path;
        }
    }

    /** Executes a method on a device, as at a restart. */
    Ending shutdown(String method, String path) throws IOException {
        Settings settings = method.equals("unbind") ? Configs.settings(Settings.Method.UNBIND) : Settings.NONE;
        return shutdown(path, settings, Verb.REBOOT);
    }

    Ending shutdown(String path, Verb verb) throws IOException {
        return shutdown(path, Settings.NONE, verb);
    }

    Ending shutdown(String path, Settings settings, Verb verb) throws IOException {
        prepare();
        present = present == null ? verb : present;
        verbs.addAll(List.of(verb, present));
        return method(path, settings).shutdown(target(path, settings), verb, altered.apply(kernel), this);
    }

    ShutdownMethod method(String path, Settings settings) {
        prepare();
        return DriveTypes.SUPPORTED
                .methodFor(kernel.readTree().find(path).orElseThrow(), settings)
                .orElseThrow();
    }

    /** Returns the device as it is planned. */
    Target target(String path, Settings settings) {
        prepare();
        DeviceTree tree = kernel.readTree();
        Device device = tree.find(path).orElseThrow();
        asked.put(device, settings);
        Storage storage = new Storage(tree);
        return Target.of(
                device,
                storage,
                method(path, settings).controlClass().flatMap(name -> storage.firstBelow(device, name)),
                settings);
    }

    /** Creates the kernel of the machine built so far, for queries before the method begins. */
    SimulatedKernel prepare() {
        if (kernel == null) {
            Machine machine = builder.build();
            kernel = new SimulatedKernel(machine);
            CheckedRun.addMethods(machine, kernel, asked, verbs);
            clock = kernel.workers().newPool()::now;
        }
        return kernel;
    }

    /** Returns the operations on devices of the machine, in order. */
    List<String> done() {
        return kernel.log().operations().stream()
                .map(operation -> operation.kind() + " " + operation.device().name())
                .toList();
    }

    /** Returns the current value of an attribute. */
    String attribute(String path, String name) {
        Device device = kernel.readTree().find(path).orElseThrow();
        return kernel.attributes().read(device, name).orElseThrow();
    }

    @Override
    public void flushed() {
        flushed = true;
    }

    @Override
    public void allow(Duration patience) {
        allowed.add(patience);
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public Verb verb() {
        return present;
    }

    @Override
    public Duration left() {
        Duration left = deadline.minusNanos(clock.get());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public <T> T ask(ShutdownMethod.Command<T> command) throws IOException {
        return command.send();
    }

    @Override
    public void flush(Device disk, ShutdownMethod.Command<?> command) throws IOException {
        command.send();
    }

    @Override
    public Usage.Users knownUsers() throws IOException {
        return users();
    }

    @Override
    public Usage.Users users() throws IOException {
        return altered.apply(kernel).usage().scan();
    }

    @Override
    public boolean pause() {
        return false;
    }

    @Override
    public void readAnew() {}

    @Override
    public void refuseUnlessReleased(Target present) throws NotReleasedException {
        for (Device disk : present.disks()) {
            if (!released.test(disk)) {
                throw new NotReleasedException(disk.name());
            }
        }
    }

    @Override
    public void found(Target present) {
        found = present;
    }

    @Override
    public void join() throws GivenUpException {
        if (acts <= 0) {
            throw new GivenUpException();
        }
        joined = true;
    }

    @Override
    public void act(Duration patience) throws GivenUpException {
        removal = patience;
        act();
    }

    @Override
    public void complete() throws GivenUpException {
        if (!isWanted) {
            throw new GivenUpException();
        }
    }

    @Override
    public void stopping() {
        beforeStop = done();
    }

    @Override
    public void act() throws GivenUpException {
        if (acts-- <= 0) {
            throw new GivenUpException();
        }
    }
}
