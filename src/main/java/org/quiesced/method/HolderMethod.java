// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.User;
import org.quiesced.shutdown.Verb;

/**
 * Stops an unused holder of disks: an md array, a device of device-mapper or of bcache. The exclusive claim on the
 * holder and the openers of its node show whether it is used; for md and device-mapper the kernel itself refuses to
 * stop an open holder, so no release has to be observed.
 */
public final class HolderMethod implements ShutdownMethod {
    /** The method for all kinds. */
    public static final HolderMethod STOP = new HolderMethod();

    /** Longer than an array needs to write its superblocks and a thin pool its metadata. */
    private static final Duration STOPPING = Duration.ofSeconds(30);

    private HolderMethod() {}

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.empty();
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        return List.of(Step.of(Step.Type.STOP, target.device()));
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return Optional.empty();
    }

    @Override
    public Duration patience() {
        return STOPPING;
    }

    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return true;
    }

    @Override
    public boolean waitsForDrive(Target target, Verb verb) {
        return false;
    }

    @Override
    public boolean delaysWalk() {
        return false;
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        Device holder = target.device();
        if (!kernel.holders().isThere(holder)) {
            return new Ending.Down();
        }
        // Released at once: the kernel refuses to stop an open holder, even if only this process has it open.
        kernel.claims().claim(holder).close();
        Optional<User> opener = progress.users().of(kernel.readBelow(holder));
        if (opener.isPresent()) {
            throw new DeviceInUseException(holder, opener.get());
        }
        progress.act(STOPPING);
        stop(holder, kernel, progress);
        return new Ending.Down();
    }

    /**
     * Stops a holder. Programs of the system may have it open for a moment: LVM's and udev's open all of them. Where
     * the kernel refuses to stop an open one, so that its users need no further look, the stop is tried again.
     */
    private static void stop(Device holder, Kernel kernel, Progress progress) throws IOException {
        boolean isStopped = false;
        while (!isStopped) {
            try {
                kernel.holders().stop(holder);
                isStopped = true;
            } catch (DeviceInUseException e) {
                boolean isCertain = HolderKind.of(holder)
                        .filter(HolderKind::refusesWhileOpen)
                        .isPresent();
                if (!isCertain || !progress.pause()) {
                    throw e;
                }
            }
        }
    }

    /** {@inheritDoc} udev's rules assemble a stopped holder again after uevents of its members. */
    @Override
    public void restore(Target target, Kernel kernel) throws IOException {
        kernel.holders().announce(target.device());
    }
}
