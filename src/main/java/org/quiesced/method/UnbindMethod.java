// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.shutdown.Verb;

/** Unbinds a driver whose remove() suffices, according to the administrator. */
final class UnbindMethod implements ShutdownMethod {
    /** Time limit for the steps before the removal: reading sysfs, claiming the disks and examining their users. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Time limit of a removal, unless the configuration has a {@code timeout} for the driver. A remove() of a RAID
     * controller writes its cache; the longest limit for one such command is 180 s (drivers/scsi/megaraid,
     * MEGASAS_INTERNAL_CMD_WAIT_TIME).
     */
    private static final Duration REMOVAL = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "unbind";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.empty();
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        return List.of(Step.unbind(target));
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return Optional.empty();
    }

    @Override
    public Duration patience() {
        return PATIENCE;
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
        try (DiskClaims claims = DiskClaims.of(target, kernel)) {
            progress.refuseUnlessReleased(claims.present(target));
            claims.refuseUse(progress, 0);
            progress.act(target.settings()
                    .timeout()
                    .flatMap(timeout -> timeout.limit())
                    .orElse(REMOVAL));
            kernel.drivers().unbind(target.device());
        }
        return new Ending.Down();
    }
}
