// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.User;
import org.quiesced.linux.DmControl;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;

/**
 * Holders of the running kernel. An md array is stopped by the state {@code clear} in sysfs, which is refused while the
 * array is open ({@code do_md_stop} in {@code drivers/md/md.c}); a device of device-mapper by an ioctl of its control
 * node; a device of bcache by its file {@code stop}, and the cache set with the last of its devices.
 */
final class LinuxHolders implements Holders {
    private static final User OPEN = new User.Open();

    /**
     * Time limit of a stop, in which a cached device completes its requests and writes its superblock and journal. It
     * is below the method's time limit.
     */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private static final long PAUSE = 10;

    private final Path sys;
    private final Path dev;
    private final DeviceNode.Opener opener;

    LinuxHolders(Path sys, Path dev, DeviceNode.Opener opener) {
        this.sys = sys;
        this.dev = dev;
        this.opener = opener;
    }

    @Override
    public boolean isThere(Device holder) {
        String directory = sys + holder.path();
        return Files.exists(Path.of(directory))
                && (HolderKind.of(holder).orElseThrow() != HolderKind.MD
                        || PseudoFile.read(directory + "/md/array_state")
                                .filter(state -> !state.equals("clear"))
                                .isPresent());
    }

    @Override
    public void stop(Device holder) throws DeviceInUseException, IOException {
        switch (HolderKind.of(holder).orElseThrow()) {
            case MD -> stopArray(holder);
            case DM -> removeMapped(holder);
            case BCACHE -> stopCached(holder);
            case ZFS -> throw new IOException(holder.name() + ": a pool is no device");
        }
    }

    private void stopArray(Device array) throws IOException {
        String md = sys + array.path() + "/md";
        // A process, mdmon, writes the superblocks of such an array; mdadm and systemd-shutdown handle it.
        if (PseudoFile.read(md + "/metadata_version")
                .filter(version -> version.startsWith("external:"))
                .isPresent()) {
            throw new IOException(array.name() + ": its metadata are managed by mdmon");
        }
        write(array, md + "/array_state", "clear");
    }

    private void removeMapped(Device mapped) throws IOException {
        String directory = sys + mapped.path();
        if (PseudoFile.read(directory + "/dm/suspended").equals(Optional.of("1"))) {
            throw new IOException(mapped.name() + ": it is suspended");
        }
        Node node = PseudoFile.read(directory + "/dev")
                .flatMap(number -> Node.parse(true, number, 10))
                .orElseThrow(() -> new IOException(mapped.name() + ": its number is not known"));
        try (NativeFile control = opener.open(dev + "/mapper/control")) {
            DmControl.remove(control, node.major(), node.minor());
        } catch (ErrnoException e) {
            throw DeviceNode.refusal(mapped, e, () -> OPEN);
        }
    }

    /** Stops a device of bcache. The claim is held meanwhile, because bcache also stops open devices. */
    private void stopCached(Device cached) throws IOException {
        String directory = sys + cached.path();
        Path set = Path.of(directory + "/bcache/cache");
        Optional<Path> cacheSet = Files.exists(set) ? Optional.of(set.toRealPath()) : Optional.empty();
        NativeFile claim = DeviceNode.claim(dev, cached, () -> OPEN);
        try {
            write(cached, directory + "/bcache/stop", "1");
        } finally {
            claim.close();
        }
        // One limit for both: nothing is begun when the run has given the device up.
        long end = System.nanoTime() + STOP_LIMIT.toNanos();
        await(cached, () -> !new File(directory).exists(), end);
        if (cacheSet.isPresent() && !hasDevices(cacheSet.get())) {
            write(cached, cacheSet.get() + "/stop", "1");
            await(cached, () -> !Files.exists(cacheSet.get()), end);
        }
    }

    /** Returns whether a cache set has devices, to which it has links {@code bdevN}. */
    private static boolean hasDevices(Path set) {
        String[] names = set.toFile().list();
        return names == null || Arrays.stream(names).anyMatch(name -> name.matches("bdev[0-9]+"));
    }

    private static void await(Device holder, BooleanSupplier gone, long end) throws IOException {
        while (!gone.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(holder.name() + ": it is still there after " + STOP_LIMIT.toSeconds() + "s");
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(holder.name() + ": interrupted", e);
            }
        }
    }

    private static void write(Device holder, String file, String value) throws IOException {
        try (NativeFile attribute = NativeFile.openForWriting(file)) {
            attribute.write(value);
        } catch (ErrnoException e) {
            throw DeviceNode.refusal(holder, e, () -> OPEN);
        }
    }

    @Override
    public void announce(Device holder) throws IOException {
        String members = holder.attribute(MEMBERS).orElse("");
        for (String member : members.split(" ")) {
            if (!member.isEmpty()) {
                PseudoFile.write(sys + member + "/uevent", "change");
            }
        }
    }
}
