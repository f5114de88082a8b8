// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** One method at work on one device of a simulated machine, and all that it says and asks meanwhile. */
final class MethodRun implements ShutdownMethod.Progress {
    /** Which disks may go down in the phase. */
    Predicate<Device> released = disk -> true;

    final MachineBuilder builder = new MachineBuilder("methods");
    final List<Duration> allowed = new ArrayList<>();
    SimulatedKernel kernel;
    boolean flushed;

    /** How often the method may act before it is given up. */
    int acts = Integer.MAX_VALUE;

    /** How long the run may take. */
    Duration deadline = Duration.ofHours(2);

    private Supplier<Long> clock;

    Ending shutdown(String path, Verb verb) throws IOException {
        return shutdown(path, Settings.NONE, verb);
    }

    Ending shutdown(String path, Settings settings, Verb verb) throws IOException {
        prepare();
        DeviceTree tree = kernel.readTree();
        Device device = tree.find(path).orElseThrow();
        ShutdownMethod method = Methods.of(device, settings).orElseThrow();
        Storage storage = new Storage(tree);
        Target target = new Target(
                device,
                storage.disksOf(device),
                method.controlClass().flatMap(name -> storage.firstBelow(device, name)),
                settings);
        return method.shutdown(target, verb, kernel, this);
    }

    /** Makes the kernel of the machine as it is so far, to be asked before the method begins. */
    SimulatedKernel prepare() {
        if (kernel == null) {
            kernel = new SimulatedKernel(builder.build());
            clock = kernel.newCrew()::now;
        }
        return kernel;
    }

    /** What was done to the machine's devices, in order. */
    List<String> done() {
        return kernel.log().operations().stream()
                .map(operation -> operation.kind() + " " + operation.device().name())
                .toList();
    }

    /** The present value of an attribute. */
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
    public Duration left() {
        Duration left = deadline.minusNanos(clock.get());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public Usage.Users users() throws IOException {
        return kernel.usage().look();
    }

    @Override
    public void refuseUnlessReleased(List<Device> disks) throws NotReleasedException {
        if (!disks.stream().allMatch(released)) {
            throw new NotReleasedException();
        }
    }

    @Override
    public void act() throws GivenUpException {
        if (acts-- <= 0) {
            throw new GivenUpException();
        }
    }
}
