// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Health;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.shutdown.Verb;

/** A type of drive that does not exist: all that a type must define, in one class. */
public final class MadeUpDrive implements DriveType, ShutdownMethod, DriveQuery {
    /** The supported types and this one. */
    public static final DriveTypes TYPES =
            new DriveTypes(Stream.concat(DriveTypes.SUPPORTED.all().stream(), Stream.of(new MadeUpDrive()))
                    .toList());

    /** Time that a drive reports for its shutdown. */
    public static final Duration TIME = Duration.ofSeconds(7);

    private static final String DRIVER = "ufs-made-up";
    private static final String CLASS = "ufs_made_up";

    @Override
    public DriverBinding binding() {
        return new DriverBinding("platform", DRIVER, "*.ufs");
    }

    @Override
    public ShutdownMethod method() {
        return this;
    }

    @Override
    public Optional<DriveQuery> query() {
        return Optional.of(this);
    }

    @Override
    public Set<Settings.Key> keys() {
        return Set.of(Settings.Key.STOP);
    }

    @Override
    public TreeAttributes attributes() {
        return new TreeAttributes(Map.of(CLASS, List.of("health", "power/state")));
    }

    @Override
    public TreeAttributes capturedAttributes() {
        return new TreeAttributes(Map.of(CLASS, List.of("maker")));
    }

    @Override
    public Set<String> watchedSubsystems() {
        return Set.of(CLASS);
    }

    @Override
    public String labelClass() {
        return CLASS;
    }

    @Override
    public void flush(Device disk, Kernel kernel) throws IOException {
        kernel.scsi().synchronizeCache(disk);
    }

    @Override
    public void stop(Device drive, Kernel kernel) throws IOException {
        kernel.scsi().stop(drive);
    }

    @Override
    public boolean isAwaitedByKernel(Device drive, Storage storage, Verb verb) {
        return verb != Verb.HALT;
    }

    @Override
    public SampleDrive sample(int number) {
        String path = "/devices/platform/" + number + "d84000.ufs";
        return new SampleDrive(
                List.of(
                        SampleDrive.bound(path, "platform", DRIVER),
                        SampleDrive.ofClass(
                                path + "/" + CLASS + "/ufs" + number,
                                CLASS,
                                Map.of("health", "good", "power/state", "active", "maker", "nobody")),
                        SampleDrive.ofClass(path + "/block/ufsblk" + number, "block", Map.of("size", "4096"))),
                List.of("ufs" + number));
    }

    @Override
    public String name() {
        return "made-up";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.of(CLASS);
    }

    @Override
    public List<Step> steps(Target target, Verb verb) {
        return List.of(Step.unbind(target));
    }

    @Override
    public Optional<Unready> unready(Target target, BiFunction<Device, String, Optional<String>> attributes) {
        return target.classDevice()
                .flatMap(ufs -> attributes
                        .apply(ufs, "health")
                        .filter(health -> !health.equals("good"))
                        .map(health -> new Unready.NotWorking(ufs.name(), health, "good")));
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(1);
    }

    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return true;
    }

    @Override
    public boolean waitsForDrive(Target target, Verb verb) {
        return verb != Verb.HALT;
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        if (Departure.isOver(target.device(), kernel, progress)) {
            return new Ending.Down();
        }
        try (DiskClaims claims = DiskClaims.of(target, kernel)) {
            claims.refuseKnownUsers(progress);
            progress.refuseUnlessReleased(claims.present(target));
            claims.refuseUse(progress, 0);
            progress.act(patience());
            kernel.drivers().unbind(target.device());
        }
        return new Ending.Down();
    }

    @Override
    public boolean isReady(Device classDevice, Attributes attributes) {
        return attributes.read(classDevice, "health").equals(Optional.of("good"));
    }

    @Override
    public Optional<Duration> shutdownTime(Device classDevice, Kernel kernel) {
        return Optional.of(TIME);
    }

    @Override
    public Description describe(Device classDevice, Kernel kernel) {
        return new Description(Optional.of(TIME), Map.of("wear", "none"));
    }

    @Override
    public Health health(Device classDevice, Kernel kernel) {
        return new Health(BigInteger.ONE, BigInteger.ZERO);
    }
}
