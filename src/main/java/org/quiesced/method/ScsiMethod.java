// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.config.Settings.Stop;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.ScsiTimeLimits;
import org.quiesced.shutdown.Verb;

/**
 * Shuts down a SCSI disk: SYNCHRONIZE CACHE, unbind, and START STOP UNIT if the kernel would send it. The driver's own
 * remove() would also stop the disk, regardless of the verb; so the attributes that request that are cleared first, and
 * the stop is sent after the driver is unbound.
 *
 * <p>A disk with several paths is stopped by one of them, which is shut down after the others. The others are not
 * stopped, and are shut down only if the stopping path works.
 */
final class ScsiMethod implements ShutdownMethod {
    /** The class through which a disk is controlled. */
    static final String CLASS = "scsi_disk";

    private static final String RUNNING = "running";

    /** Time for START STOP UNIT, and for the driver to be unbound. */
    private static final Duration REST = ScsiTimeLimits.STOP.plusSeconds(15);

    @Override
    public String name() {
        return "scsi";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.of(CLASS);
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        List<Step> steps = new ArrayList<>();
        if (needsFlush(
                target,
                target.classDevice().flatMap(c -> c.attribute("cache_type")).orElse(""))) {
            steps.add(Step.of(Step.Type.SYNCHRONIZE, target.disks()));
        }
        steps.add(Step.unbind(target));
        if (target.classDevice().map(c -> needsStop(target, verb, c::attribute)).orElse(false)) {
            steps.add(Step.of(Step.Type.STOP, target.disks()));
        }
        return List.copyOf(steps);
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return unready(target.device(), attributes)
                .or(() -> target.stoppingPath().flatMap(path -> unready(path, attributes)));
    }

    private static Optional<Unready> unready(Device device, BiFunction<Device, String, Optional<String>> attributes) {
        String state = attributes.apply(device, "state").orElse(RUNNING);
        if (!state.equals(RUNNING)) {
            return Optional.of(new Unready.NotWorking(device.name(), state, RUNNING));
        }
        return attributes.apply(device, "power/runtime_status").orElse("").startsWith("suspend")
                ? Optional.of(new Unready.Suspended(device.name()))
                : Optional.empty();
    }

    /** Returns whether a disk works, and a command would not wake it. */
    static boolean isAwake(Device device, Attributes attributes) {
        return unready(device, attributes::read).isEmpty();
    }

    /** Once this path is down, a disk whose stopping path is gone could not be stopped. */
    private static Optional<Unready> lackOfStoppingPath(Target target, Attributes attributes) {
        return target.stoppingPath()
                .filter(path -> attributes.read(path, "state").isEmpty())
                .map(path -> new Unready.NotWorking(path.name(), "gone", RUNNING));
    }

    private static Duration patience(Optional<String> timeout) {
        return ScsiTimeLimits.synchronizeCache(timeout).plus(REST);
    }

    @Override
    public Duration patience() {
        return patience(Optional.empty());
    }

    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return target.classDevice()
                .map(c -> !needsStop(target, verb, c::attribute))
                .orElse(true);
    }

    @Override
    public boolean waitsForDrive(Target target, Verb verb) {
        return !endsWithDriver(target, verb);
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        Device device = target.device();
        if (Departure.isOver(device, kernel, progress)) {
            return new Ending.Down();
        }
        Device scsiDisk =
                target.classDevice().orElseThrow(() -> new IOException(device.name() + ": the driver shows no disk"));
        Attributes attributes = kernel.attributes();
        Optional<Unready> unready = unready(target, attributes::read).or(() -> lackOfStoppingPath(target, attributes));
        if (unready.isPresent()) {
            throw new UnreadyException(unready.get());
        }
        Duration patience = patience(attributes.read(device, "timeout"));
        if (patience.compareTo(patience()) > 0) {
            progress.allow(patience);
        }
        try (DiskClaims claims = DiskClaims.of(target, kernel)) {
            claims.refuseKnownUsers(progress);
            progress.refuseUnlessReleased(claims.present(target));
            flush(target, scsiDisk, claims, kernel, progress);
            return unbind(target, scsiDisk, verb, kernel, progress);
        }
    }

    @Override
    public Ending finish(Target target, Verb verb, Kernel kernel, Progress progress) {
        try {
            // The driver may have been bound again, and the disk may be in use.
            Optional<String> driver = kernel.drivers().present(target.device());
            if (driver.isPresent()) {
                return new Ending.NotStopped(
                        driver.equals(target.device().driver())
                                ? "it has its driver again"
                                : "its driver is now " + driver.get());
            }
            return stop(target.device(), kernel, progress, progress::act);
        } catch (RuntimeException | Error e) {
            return new Ending.NotStopped(e.toString());
        }
    }

    /**
     * {@inheritDoc} Also restores the attributes that make the driver stop the disk. Their values belong to the SCSI
     * device and outlive the driver, so they are still those from when it was unbound.
     */
    @Override
    public void restore(Target target, Kernel kernel) throws IOException {
        ShutdownMethod.super.restore(target, kernel);
        kernel.dueStops().clear(target.device());
        StopAttributes.restore(target.classDevice().orElseThrow(), kernel.attributes());
    }

    private static void flush(Target target, Device scsiDisk, DiskClaims claims, Kernel kernel, Progress progress)
            throws IOException {
        int ownRequests = 0;
        Attributes attributes = kernel.attributes();
        if (needsFlush(target, attributes.read(scsiDisk, "cache_type").orElse(""))) {
            for (Device disk : claims.disks()) {
                if (progress.left().isZero()) {
                    throw new GivenUpException();
                }
                // A drive without a medium has size 0, and nothing to write.
                if (!attributes.read(disk, "size").equals(Optional.of("0"))) {
                    progress.ask(() -> {
                        kernel.scsi().synchronizeCache(disk);
                        return disk;
                    });
                }
            }
            ownRequests = ScsiCommands.MOST_SYNCHRONIZE_COMMANDS;
            progress.flushed();
        }
        claims.refuseUse(progress, ownRequests);
    }

    private static Ending unbind(Target target, Device scsiDisk, Verb verb, Kernel kernel, Progress progress)
            throws IOException {
        Attributes attributes = kernel.attributes();
        Device present = StopAttributes.present(scsiDisk, attributes);
        boolean stop = needsStop(target, verb, present::attribute);
        progress.found(target.controlledBy(present));
        progress.act();
        Set<Verb> due = verbsThatStop(target, present);
        if (!due.isEmpty()) {
            kernel.dueStops().note(target.device(), due);
        }
        try (StopAttributes cleared = StopAttributes.clear(present, attributes)) {
            kernel.drivers().unbind(target.device());
            cleared.driverHasLeft();
        } catch (IOException | RuntimeException | Error e) {
            kernel.dueStops().clear(target.device());
            throw e;
        }
        // If only a verb set meanwhile requires a stop, another task sends it, so that the disk is stopped once.
        return stop && needsStop(target, progress.verb(), present::attribute)
                ? stop(target.device(), kernel, progress, progress::complete)
                : new Ending.Down();
    }

    /** Requests permission to stop the disk. */
    @FunctionalInterface
    private interface Leave {
        void ask() throws GivenUpException;
    }

    /** Stops an unbound disk. Never throws: the disk cannot be left to the kernel, so a failure is a result. */
    private static Ending stop(Device device, Kernel kernel, Progress progress, Leave leave) {
        try {
            leave.ask();
            progress.stopping();
            kernel.scsi().stop(device);
            kernel.dueStops().clear(device);
            return new Ending.Down();
        } catch (IOException | RuntimeException | Error e) {
            return new Ending.NotStopped(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
        }
    }

    private static boolean needsFlush(Target target, String cacheType) {
        return switch (target.flush()) {
            case AUTO -> cacheType.startsWith("write back");
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    private static Set<Verb> verbsThatStop(Target target, Device scsiDisk) {
        return Stream.of(Verb.values())
                .filter(verb -> needsStop(target, verb, scsiDisk::attribute))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean needsStop(Target target, Verb verb, Function<String, Optional<String>> attributes) {
        if (target.stoppingPath().isPresent()) {
            return false;
        }
        return switch (target.settings().stop().orElse(Stop.AUTO)) {
            case AUTO -> StopPolicy.isWanted(verb, attributes);
            case ALWAYS -> verb.stopsDisks();
            case NEVER -> false;
        };
    }
}
