// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.quiesced.config.Settings.Flush;
import org.quiesced.config.Settings.Stop;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.StartStop;
import org.quiesced.kernel.Verb;

/**
 * Shuts down a SCSI disk: SYNCHRONIZE CACHE, unbind, and where the kernel would do so, START STOP UNIT. The driver's own remove() would
 * stop the disk too, before every verb; so its attributes are cleared first and the stop is sent by us, after the driver is gone.
 */
final class ScsiMethod implements ShutdownMethod {
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    /** What makes {@code sd_remove} stop the disk. Where the second is there, the first is its read-only summary. */
    private static final List<String> STOPPING =
            List.of("manage_start_stop", "manage_system_start_stop", "manage_shutdown");

    @Override
    public String name() {
        return "scsi";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.of("scsi_disk");
    }

    @Override
    public List<String> steps(Target target, Verb verb) {
        List<String> steps = new ArrayList<>();
        if (needsFlush(
                target,
                target.classDevice().flatMap(c -> c.attribute("cache_type")).orElse(""))) {
            steps.add("synchronize the cache of " + target.diskNames());
        }
        steps.add("unbind " + target.driver());
        if (target.classDevice().map(c -> needsStop(target, verb, c::attribute)).orElse(false)) {
            steps.add("stop " + target.diskNames());
        }
        return List.copyOf(steps);
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return target.classDevice()
                .map(c -> !needsStop(target, verb, c::attribute))
                .orElse(true);
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        Device device = target.device();
        if (!kernel.drivers().isBound(device)) {
            return new Ending.Down();
        }
        Device scsiDisk =
                target.classDevice().orElseThrow(() -> new IOException(device.name() + ": the driver shows no disk"));
        try (Custody custody = Custody.of(device, kernel)) {
            return flushAndStop(target, scsiDisk, verb, custody, kernel, progress);
        }
    }

    @Override
    public Ending finish(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        progress.act();
        kernel.scsi().stop(target.device());
        return new Ending.Down();
    }

    /** The attributes belong to the SCSI device and outlive the driver, so they are what was left in them when it went. */
    @Override
    public void restore(Target target, Kernel kernel) throws IOException {
        ShutdownMethod.super.restore(target, kernel);
        Device scsiDisk = target.classDevice().orElseThrow();
        for (String name : STOPPING) {
            Optional<String> before = scsiDisk.attribute(name);
            if (before.isPresent() && !isSummary(kernel, scsiDisk, name)) {
                kernel.attributes().write(scsiDisk, name, before.get());
            }
        }
    }

    private static Ending flushAndStop(
            Target target, Device scsiDisk, Verb verb, Custody custody, Kernel kernel, Progress progress)
            throws IOException {
        custody.refuseUsers(progress.users());
        int ownRequests = 0;
        Attributes attributes = kernel.attributes();
        boolean stop = needsStop(target, verb, name -> attributes.read(scsiDisk, name));
        if (needsFlush(target, attributes.read(scsiDisk, "cache_type").orElse(""))) {
            for (Device disk : custody.disks()) {
                kernel.scsi().synchronizeCache(disk);
            }
            ownRequests++;
            progress.flushed();
        }
        custody.refuseTraffic(ownRequests);
        unbindWithoutStop(progress, target.device(), scsiDisk, kernel);
        if (stop) {
            progress.act();
            kernel.scsi().stop(target.device());
        }
        return new Ending.Down();
    }

    private static void unbindWithoutStop(Progress progress, Device device, Device scsiDisk, Kernel kernel)
            throws IOException {
        List<String> cleared = new ArrayList<>();
        try {
            for (String name : STOPPING) {
                if (isSet(kernel, scsiDisk, name) && !isSummary(kernel, scsiDisk, name)) {
                    progress.act();
                    kernel.attributes().write(scsiDisk, name, "0");
                    cleared.add(name);
                }
            }
            progress.act();
            kernel.drivers().unbind(device);
        } catch (IOException e) {
            // The kernel will shut this disk down after all, so it must find it as it was.
            for (String name : cleared) {
                kernel.attributes().write(scsiDisk, name, "1");
            }
            throw e;
        }
    }

    private static boolean isSet(Kernel kernel, Device scsiDisk, String name) {
        return kernel.attributes().read(scsiDisk, name).map("1"::equals).orElse(false);
    }

    private static boolean isSummary(Kernel kernel, Device scsiDisk, String name) {
        return name.equals("manage_start_stop")
                && kernel.attributes()
                        .read(scsiDisk, "manage_system_start_stop")
                        .isPresent();
    }

    private static boolean needsFlush(Target target, String cacheType) {
        return switch (target.settings().flush().orElse(Flush.AUTO)) {
            case AUTO -> cacheType.startsWith("write back");
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    private static boolean needsStop(Target target, Verb verb, Function<String, Optional<String>> attributes) {
        return switch (target.settings().stop().orElse(Stop.AUTO)) {
            case AUTO -> StartStop.isWanted(verb, attributes);
            case ALWAYS -> verb.stopsDisks();
            case NEVER -> false;
        };
    }
}
