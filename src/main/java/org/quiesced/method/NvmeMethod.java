// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.kernel.NvmeCommands.Identity;
import org.quiesced.shutdown.Verb;

/**
 * Shuts down an NVMe controller on PCI: identify, flush, unbind. The driver owns the controller's registers; unbinding
 * makes it send the normal shutdown notification (CC.SHN = 01b) and wait for its completion ({@code nvme_remove} in
 * {@code drivers/nvme/host/pci.c}).
 */
final class NvmeMethod implements ShutdownMethod {
    /** The class of controllers. */
    static final String CLASS = "nvme";

    /** The state of a controller that takes commands. */
    static final String LIVE = "live";

    /** The assumed state of a controller that shows none, because its driver has begun to remove it. */
    private static final String GONE = "gone";

    /**
     * Messages of the driver, after the controller's name, when it stops waiting for a drive: {@code
     * nvme_shutdown_ctrl} up to Linux 6.1, and {@code nvme_wait_ready} from 6.2 on (both {@code
     * drivers/nvme/host/core.c}).
     */
    private static final List<String> GIVING_UP = List.of("Device shutdown incomplete", "aborting shutdown");

    @Override
    public String name() {
        return "nvme";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.of(CLASS);
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        List<Step> steps = new ArrayList<>();
        NvmeFlush.step(target).ifPresent(steps::add);
        steps.add(Step.unbind(target).notifying());
        return List.copyOf(steps);
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return target.classDevice()
                .flatMap(controller -> unready(
                        controller, attributes.apply(controller, "state").orElse(LIVE)));
    }

    private static Optional<Unready> unready(Device controller, String state) {
        return state.equals(LIVE)
                ? Optional.empty()
                : Optional.of(new Unready.NotWorking(controller.name(), state, LIVE));
    }

    /**
     * Returns the present controller. A controller that was removed and found again since the plan was made has another
     * number, and the planned number may belong to another drive.
     */
    private static Device controller(Device device, DeviceTree below, Kernel kernel) throws IOException {
        Device controller = new Storage(below)
                .firstBelow(device, CLASS)
                .orElseThrow(() -> new IOException(device.name() + ": the driver shows no controller"));
        Optional<Unready> unready = unready(
                controller, kernel.attributes().read(controller, "state").orElse(GONE));
        if (unready.isPresent()) {
            throw new UnreadyException(unready.get());
        }
        return controller;
    }

    @Override
    public Duration patience() {
        return NvmeLimits.DEFAULT.patience(1, Optional.empty());
    }

    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return true;
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        if (Departure.isOver(target.device(), kernel, progress)) {
            return new Ending.Down();
        }
        DeviceTree below = kernel.readBelow(target.device());
        Device controller = controller(target.device(), below, kernel);
        NvmeLimits limits = NvmeLimits.of(kernel.drivers());
        if (!limits.equals(NvmeLimits.DEFAULT)) {
            progress.allow(limits.patience(1, Optional.empty()));
        }
        try (DiskClaims claims = DiskClaims.of(target, below, kernel)) {
            Identity identity = progress.ask(() -> kernel.nvme().identify(controller));
            progress.allow(limits.patience(claims.disks().size(), identity.shutdownTime()));
            claims.refuseKnownUsers(progress);
            progress.refuseUnlessReleased(claims.present(target));
            NvmeFlush.all(target, identity, claims, kernel, progress);
            claims.refuseUse(progress, 0);
            return unbind(target, controller, limits, limits.shutdownWait(identity.shutdownTime()), kernel, progress);
        }
    }

    /**
     * Unbinds the driver. The driver reports only in the kernel log that it has stopped waiting for the drive; such a
     * message counts only if the unbind took at least the time that the driver waits.
     *
     * @param wait how long the driver waits for the drive
     */
    private static Ending unbind(
            Target target, Device controller, NvmeLimits limits, Duration wait, Kernel kernel, Progress progress)
            throws IOException {
        Duration before = progress.left();
        try (KernelMessages.Mark mark = kernel.messages().mark()) {
            progress.act(limits.removal(wait));
            kernel.drivers().unbind(target.device());
            boolean tookLong = before.minus(progress.left()).compareTo(wait) >= 0;
            return tookLong && mark.lines().stream().anyMatch(line -> isGivenUp(line, controller))
                    ? new Ending.Unconfirmed(wait)
                    : new Ending.Down();
        }
    }

    private static boolean isGivenUp(String line, Device controller) {
        return line.startsWith("nvme " + controller.name() + ": ")
                && GIVING_UP.stream().anyMatch(line::contains);
    }
}
