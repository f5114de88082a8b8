// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.kernel.User;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * Notifies an NVMe controller that is not bound to the kernel's {@code nvme} driver by its registers: the normal
 * shutdown notification (CC.SHN = 01b) of NVM Express Base Specification 2.0, section 3.6.1. It is sent whether or not
 * the controller is enabled (CC.EN): a loss of power without it counts as unsafe in both cases, and a controller that
 * VFIO has just reset is not enabled. The completed shutdown outlasts the end of the access: the controller can be
 * switched off until CC.EN is set again. The access is nevertheless kept until the machine stops, because VFIO resets
 * the controller when the last descriptor is closed.
 *
 * <p>The offsets and fields are those of section 3.1.3. A register of 64 bits is read in two halves.
 */
final class NvmeRegistersMethod implements ShutdownMethod {
    /** The upper half of Controller Capabilities, which is not all ones in a controller that answers. */
    static final int CAP_UPPER = 0x04;

    /** Controller Configuration, with the shutdown notification in bits 15:14. */
    static final int CC = 0x14;

    static final int CC_SHN = 0xC000;
    static final int CC_SHN_NORMAL = 0x4000;

    /** Controller Status: a fatal status in bit 1, the shutdown status in bits 3:2. */
    static final int CSTS = 0x1C;

    static final int CSTS_CFS = 0x2;
    static final int CSTS_SHST = 0xC;
    static final int CSTS_SHST_OCCURRING = 0x4;
    static final int CSTS_SHST_COMPLETE = 0x8;

    private static final int ALL_ONES = -1;

    /**
     * Maximum time for a shutdown whose begin the controller has confirmed: the maximum that the {@code nvme} driver
     * allows a drive that reports a longer one ({@code nvme_init_identify}). The time cannot be queried here, because a
     * command needs a queue in memory.
     */
    private static final Duration LONGEST = NvmeLimits.MOST;

    /** Additional time for VFIO to wake and reset the controller: 100 ms after the reset, 60 s if it is slow. */
    private static final Duration RESET = Duration.ofSeconds(61);

    @Override
    public String name() {
        return "nvme-registers";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.empty();
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        Step.Type way = target.device()
                .driver()
                .filter(NvmeRegisters.VFIO_DRIVER::equals)
                .map(vfio -> Step.Type.NOTIFY_BY_VFIO)
                .orElse(Step.Type.NOTIFY_BY_RESOURCE);
        return List.of(Step.of(way, target.device()).notifying());
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return Optional.empty();
    }

    @Override
    public Duration patience() {
        return RESET.plus(LONGEST);
    }

    /** {@inheritDoc} The lock is held only while VFIO resets the controller, a time that the kernel limits. */
    @Override
    public boolean delaysWalk() {
        return false;
    }

    /** {@inheritDoc} The kernel does not know of the notification, and does not wait for it. */
    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return false;
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        Device device = target.device();
        Optional<String> present = kernel.drivers().present(device);
        DeviceTree below;
        try {
            below = kernel.readBelow(device);
        } catch (NoSuchFileException e) {
            // The drive was removed from the machine.
            return new Ending.Down();
        }
        refuseOtherDriver(device, present);
        try (NvmeRegisters.Claim claim = kernel.nvmeRegisters().claim(device)) {
            if (!claim.isExclusive() && progress.phase() == Phase.EARLY) {
                // A process could map the registers at any time.
                throw new NotReleasedException(device.name());
            }
            Duration allowed = NvmeLimits.shutdownOf(kernel.drivers());
            Duration wait = allowed.compareTo(LONGEST) < 0 ? allowed : LONGEST;
            progress.refuseUnlessReleased(target);
            refuseUsers(device, below, progress);
            claim.refuseUse();
            refuseOtherDriver(device, kernel.drivers().present(device));
            progress.act(patience());
            return notify(device, claim, wait);
        }
    }

    private static void refuseOtherDriver(Device device, Optional<String> present) throws OtherDriverException {
        if (!present.equals(device.driver())) {
            throw new OtherDriverException(device, present.orElse("none"));
        }
    }

    /** Throws if a process has the node of the device open, such as {@code /dev/uio0}. */
    private static void refuseUsers(Device device, DeviceTree below, Progress progress) throws IOException {
        progress.knownUsers();
        Optional<User> user = progress.users().of(below);
        if (user.isPresent()) {
            throw new DeviceInUseException(device, user.get());
        }
    }

    /**
     * Sends the notification and waits for its completion.
     *
     * @param wait time limit for the begin of the shutdown
     */
    private static Ending notify(Device device, NvmeRegisters.Claim claim, Duration wait) throws IOException {
        NvmeRegisters.Access registers = claim.open();
        int status = registers.read(CSTS);
        if (status == ALL_ONES || registers.read(CAP_UPPER) == ALL_ONES) {
            throw new IOException(device.name() + ": its registers read as all ones: it does not answer");
        }
        if ((status & CSTS_CFS) != 0) {
            throw new IOException(device.name() + ": it has a fatal status (CSTS.CFS)");
        }
        int configuration = registers.read(CC);
        // From here on a reset would interrupt the shutdown.
        claim.keep();
        if ((configuration & CC_SHN) == 0) {
            registers.write(CC, configuration | CC_SHN_NORMAL);
        }
        status = registers.awaitChange(CSTS, CSTS_SHST, 0, wait);
        if ((status & CSTS_SHST) == 0) {
            return new Ending.Unanswered(wait);
        }
        status = registers.awaitChange(CSTS, CSTS_SHST, CSTS_SHST_OCCURRING, LONGEST);
        if (status == ALL_ONES) {
            throw new IOException(device.name() + ": it has stopped answering");
        }
        return (status & CSTS_SHST) == CSTS_SHST_COMPLETE ? new Ending.Down() : new Ending.Unanswered(LONGEST);
    }

    @Override
    public void restore(Target target, Kernel kernel) throws IOException {
        kernel.nvmeRegisters().giveBack(target.device());
    }
}
