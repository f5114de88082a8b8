// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Identity;
import org.quiesced.shutdown.Verb;

/**
 * Shuts down a controller of NVMe over fabrics: identify, flush, delete. When the kernel deletes a live controller it
 * ends the connection, and over TCP and RDMA it sends the normal shutdown notification before ({@code
 * nvme_tcp_teardown_ctrl} in {@code drivers/nvme/host/tcp.c}, {@code nvme_rdma_shutdown_ctrl} in {@code rdma.c}).
 *
 * <p>A controller whose target does not answer is deleted at once. Its queues then reject commands ({@code
 * nvmf_fail_nonready_command} in {@code drivers/nvme/host/fabrics.c}), so the deletion waits at most for one attempt to
 * connect: the SYN and its repetition, three seconds ({@code nvme_tcp_alloc_queue}).
 */
final class FabricsMethod implements ShutdownMethod {
    /**
     * States of a controller whose target does not answer: its connection is being reset or re-established. It can be
     * deleted in these states, and while it is live ({@code nvme_change_ctrl_state} in {@code
     * drivers/nvme/host/core.c}).
     */
    private static final Set<String> CUT_OFF = Set.of("resetting", "connecting");

    /**
     * Drivers that send no notification: {@code nvme_fc_delete_association} in {@code drivers/nvme/host/fc.c} only ends
     * the connection, as does {@code nvme_loop_shutdown_ctrl} in {@code drivers/nvme/target/loop.c}, unless the
     * controller is live, which one that is being deleted is not.
     */
    private static final Set<String> SILENT = Set.of("nvme-fc", "nvme-loop");

    private static final String STATE = "state";

    /** The assumed state of a controller that shows none, because it has been deleted. */
    private static final String GONE = "gone";

    /**
     * Time limit for the target's answer to Identify. The driver itself detects a dead target only after {@code
     * keep_alive_tmo}, five seconds by default, while the stop of the network is delayed. A target that is alive but
     * slower is not notified, as without quiesced.
     */
    private static final Duration ANSWER = Duration.ofMillis(500);

    @Override
    public String name() {
        return "fabrics";
    }

    @Override
    public boolean needsNetwork() {
        return true;
    }

    /** {@inheritDoc} The deletion of a controller whose target does not answer does not use the network. */
    @Override
    public boolean usesNetwork(Target found) {
        return found.classDevice()
                .flatMap(controller -> controller.attribute(STATE))
                .map(NvmeMethod.LIVE::equals)
                .orElse(true);
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.of(NvmeMethod.CLASS);
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        List<Step> steps = new ArrayList<>();
        NvmeFlush.step(target).ifPresent(steps::add);
        Step disconnect = Step.of(Step.Type.DISCONNECT, target.device());
        boolean isSilent = target.device().driver().filter(SILENT::contains).isPresent();
        steps.add(isSilent ? disconnect : disconnect.notifying());
        return List.copyOf(steps);
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return unready(target.device(), attributes, NvmeMethod.LIVE);
    }

    private static Optional<Unready> unready(
            Device controller, BiFunction<Device, String, Optional<String>> attributes, String otherwise) {
        Optional<Unready> owned = attributes
                .apply(controller, Attributes.OWNER)
                .map(owner -> new Unready.Owned(controller.name(), owner));
        String state = attributes.apply(controller, STATE).orElse(otherwise);
        return owned.isPresent() || state.equals(NvmeMethod.LIVE) || CUT_OFF.contains(state)
                ? owned
                : Optional.of(new Unready.NotWorking(controller.name(), state, NvmeMethod.LIVE));
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
        Device controller = target.device();
        if (Departure.isOver(controller, kernel, progress)) {
            return new Ending.Down();
        }
        Optional<Unready> unready = unready(controller, kernel.attributes()::read, GONE);
        if (unready.isPresent()) {
            throw new UnreadyException(unready.get());
        }
        NvmeLimits limits = NvmeLimits.of(kernel.drivers());
        try (DiskClaims claims = DiskClaims.of(target, kernel)) {
            progress.allow(limits.patience(claims.disks().size(), Optional.empty()));
            claims.refuseKnownUsers(progress);
            progress.refuseUnlessReleased(claims.present(target));
            boolean answers = !isCutOff(controller, kernel) && flush(target, claims, kernel, progress);
            claims.refuseUse(progress, 0);
            progress.found(claims.present(target).controlledBy(in(answers ? NvmeMethod.LIVE : GONE, controller)));
            progress.act(limits.removal(limits.shutdownWait(Optional.empty())));
            kernel.drivers().unbind(controller);
            return answers ? new Ending.Down() : new Ending.Unreached();
        }
    }

    private static Device in(String state, Device controller) {
        return new Device(
                controller.path(),
                controller.subsystem(),
                controller.onBus(),
                controller.driver(),
                Map.of(STATE, state));
    }

    private static boolean isCutOff(Device controller, Kernel kernel) {
        return kernel.attributes()
                .read(controller, STATE)
                .filter(CUT_OFF::contains)
                .isPresent();
    }

    /**
     * Identifies the controller, and flushes its namespaces as configured.
     *
     * @return whether the target answers
     * @throws IOException if it does, and a command fails
     */
    private static boolean flush(Target target, DiskClaims claims, Kernel kernel, Progress progress)
            throws IOException {
        Device controller = target.device();
        try {
            Identity identity = progress.ask(() -> kernel.nvme().identify(controller, ANSWER));
            NvmeFlush.all(target, identity, claims, kernel, progress);
            return true;
        } catch (GivenUpException e) {
            throw e;
        } catch (IOException e) {
            // Once the driver has detected that the target is dead, no data can be written to it, and it has no users.
            if (!isCutOff(controller, kernel)) {
                throw e;
            }
            return false;
        }
    }

    /**
     * {@inheritDoc} A connection is not re-established: its keys are known only to the program that made it, and the
     * daemon has no access to the network.
     */
    @Override
    public void restore(Target target, Kernel kernel) throws IOException {
        throw new IOException("it was disconnected; connect it again, for example by \"nvme connect-all\"");
    }
}
