// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.User;
import org.quiesced.shutdown.Verb;

/**
 * Stops a holder of disks that nobody uses: an md array, a device of device-mapper or of bcache. That nobody uses it is
 * shown by the exclusive claim on it and by the openers of its node; for md and device-mapper the kernel itself refuses
 * to stop what is open, so no release needs to be seen.
 */
public final class HolderMethod implements ShutdownMethod {
    /** The method, for all kinds. */
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
        // Given back at once: the kernel refuses to stop what is open, by us too.
        kernel.claims().claim(holder).close();
        Optional<User> opener = progress.users().of(kernel.readBelow(holder));
        if (opener.isPresent()) {
            throw new DeviceInUseException(holder, opener.get());
        }
        progress.act(STOPPING);
        kernel.holders().stop(holder);
        return new Ending.Down();
    }

    /** What was stopped is assembled again by udev's rules, once the members are announced. */
    @Override
    public void restore(Target target, Kernel kernel) throws IOException {
        kernel.holders().announce(target.device());
    }
}
