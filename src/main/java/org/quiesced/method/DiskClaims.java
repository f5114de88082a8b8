// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.SentFlushes;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.shutdown.Phase;

/**
 * Holds the claims on the disks of a device during its shutdown, so that no other user can start to use one
 * exclusively. The disks are those that the device has when its shutdown begins, not those of the plan. Not
 * thread-safe.
 */
final class DiskClaims implements AutoCloseable {
    private final Kernel kernel;
    private final Device device;
    private final DeviceTree below;
    private final Storage storage;
    private final List<Device> disks;
    private final List<BlockClaims.Claim> claims = new ArrayList<>();
    private final Map<Device, Reading> before = new LinkedHashMap<>();
    private boolean hasAskedForKnown;

    /**
     * The counters of a disk when it was claimed, or after a pause.
     *
     * @param flushed the disk to which this process sends its flushes of it
     * @param flushes number of these flushes that had ended
     */
    private record Reading(Usage.Traffic traffic, Device flushed, long flushes) {}

    private DiskClaims(Kernel kernel, DeviceTree below, Device device) {
        this.kernel = kernel;
        this.device = device;
        this.below = below;
        this.storage = new Storage(below);
        this.disks = storage.disksOf(device);
    }

    /**
     * Claims all disks of a device.
     *
     * @param target the device, and the disks that it had when it was planned
     * @throws DeviceInUseException if one of them is in use; none is claimed then
     * @throws IOException if one cannot be opened, or if a disk of the plan exists but is not below the device; none is
     *     claimed then
     */
    static DiskClaims of(Target target, Kernel kernel) throws DeviceInUseException, IOException {
        return of(target, kernel.readBelow(target.device()), kernel);
    }

    /**
     * Claims all disks of a device that has just been read.
     *
     * @param below the device and everything below it, as just read from the kernel
     * @throws DeviceInUseException if one of them is in use; none is claimed then
     * @throws IOException if one cannot be opened, or if a disk of the plan exists but is not below the device; none is
     *     claimed then
     */
    static DiskClaims of(Target target, DeviceTree below, Kernel kernel) throws DeviceInUseException, IOException {
        DiskClaims taken = new DiskClaims(kernel, below, target.device());
        for (Device planned : target.disks()) {
            if (!taken.disks.contains(planned) && isThere(planned, kernel)) {
                throw new IOException(planned.name() + ": cannot be found below its device");
            }
        }
        try {
            for (Device disk : taken.disks) {
                taken.claims.add(kernel.claims().claim(disk));
            }
            for (Device disk : taken.countingDisks()) {
                taken.before.put(disk, taken.read(disk));
            }
            return taken;
        } catch (IOException | RuntimeException | Error e) {
            taken.close();
            throw e;
        }
    }

    /** Throws if a device has a driver that needs this one. Those of the plan have ended, so it has appeared since. */
    private void refuseNewDependents() throws IOException {
        for (String dependent : kernel.drivers().boundDependents(device, below)) {
            throw new DeviceInUseException(device, new User.Dependent(dependent));
        }
    }

    private Reading read(Device disk) throws IOException {
        Device flushed = storage.headOf(disk).orElse(disk);
        long flushes = kernel.nvme().sentFlushes().ended(flushed);
        return new Reading(kernel.usage().traffic(disk), flushed, flushes);
    }

    private static boolean isThere(Device disk, Kernel kernel) throws IOException {
        try {
            kernel.readBelow(disk);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Returns the disks whose counters are compared. Under native multipath the hidden paths count the requests through
     * this controller, and the head disk those through any controller.
     */
    private List<Device> countingDisks() {
        return storage.countingDisks();
    }

    /** Returns the whole disks; under native NVMe multipath, the head disks. */
    List<Device> disks() {
        return disks;
    }

    /** Returns the target with the present disks and partitions of its device. */
    Target present(Target target) {
        return target.present(storage);
    }

    /**
     * Throws if the device has a user without a claim. In the early phase, in which processes run, it also throws if a
     * disk does not count its requests: with {@code queue/iostats} cleared the kernel shows no request in {@code stat},
     * nor in {@code inflight} since Linux 5.19 and the stable kernels of June 2022 ({@code blk_do_io_stat} in {@code
     * block/blk.h}, {@code blk_mq_check_inflight} in {@code block/blk-mq.c}).
     *
     * @throws DeviceInUseException with the user, or with the disk
     * @throws IOException if it cannot be determined who uses the device
     */
    void refuseUsers(ShutdownMethod.Progress progress) throws IOException {
        Optional<User> user = progress.users().of(below);
        if (user.isPresent()) {
            throw new DeviceInUseException(below.get(0), user.get());
        }
        refuseUncounted(progress);
    }

    /**
     * Throws if a user without a claim is already known and {@link #refuseUsers} confirms it, or, in the early phase,
     * if a disk does not count its requests. To be called before a flush, which may take minutes.
     *
     * @throws DeviceInUseException with the user, or with the disk
     * @throws IOException if it cannot be determined who uses the device
     */
    void refuseKnownUsers(ShutdownMethod.Progress progress) throws IOException {
        hasAskedForKnown = true;
        if (progress.knownUsers().of(below).isPresent()) {
            // The user may have released the device since.
            refuseUsers(progress);
        }
        refuseUncounted(progress);
    }

    private void refuseUncounted(ShutdownMethod.Progress progress) throws DeviceInUseException {
        if (progress.phase() == Phase.EARLY) {
            // The path counts all requests to its head disk that go through this controller.
            List<Device> heads = before.keySet().stream()
                    .flatMap(disk -> storage.headOf(disk).stream())
                    .toList();
            for (Device disk : before.keySet()) {
                if (!heads.contains(disk)
                        && kernel.attributes().read(disk, "queue/iostats").equals(Optional.of("0"))) {
                    throw new DeviceInUseException(disk, new User.Uncounted());
                }
            }
        }
    }

    /**
     * Throws if the device has a user without a claim, or if another user's requests to a disk are in flight or have
     * been completed since it was claimed. To be called immediately before the driver is unbound: a flush may have
     * taken minutes.
     *
     * <p>In the early phase, programs that scan all disks, such as those of LVM's services when they stop, read disks
     * that nothing uses. If the disks were only read, this method waits ({@link ShutdownMethod.Progress#pause}), with
     * the claims held, and then looks at the time since the wait. A write, discard or flush since the claim counts in
     * any case.
     *
     * <p>Passthrough commands count up to Linux 5.19, and where {@code queue/iostats_passthrough} is set ({@code
     * blk_do_io_stat} in {@code block/blk.h}): therefore the flushes of NVMe namespaces that this process has sent,
     * also for other controllers, are taken into account.
     *
     * @param ownRequests number of other commands that this process has sent to each disk
     * @throws DeviceInUseException with the user, or with the disk
     */
    void refuseUse(ShutdownMethod.Progress progress, int ownRequests) throws IOException {
        if (!hasAskedForKnown) {
            // Without this call the scan of users would have to begin later, and devices that are shut down
            // together could not share one.
            refuseKnownUsers(progress);
        }
        int own = ownRequests;
        for (Optional<Device> read = readSince(progress, own); read.isPresent(); read = readSince(progress, own)) {
            if (!progress.pause()) {
                throw new DeviceInUseException(read.get(), new User.Traffic());
            }
            beginAnew();
            own = 0;
            progress.readAnew();
        }
    }

    /**
     * Throws if the device has a user, or if a disk was written since the claim.
     *
     * @return a disk that another user has read; empty if there is none
     */
    private Optional<Device> readSince(ShutdownMethod.Progress progress, int ownRequests) throws IOException {
        refuseUsers(progress);
        refuseNewDependents();
        writeBack(progress);
        SentFlushes sent = kernel.nvme().sentFlushes();
        Optional<Device> read = Optional.empty();
        for (Map.Entry<Device, Reading> entry : before.entrySet()) {
            Reading earlier = entry.getValue();
            // Flushes for other controllers may begin and end while the counters are read, and must not count as
            // another user's.
            long ended = sent.ended(earlier.flushed());
            Usage.Traffic traffic = kernel.usage().traffic(entry.getKey());
            long begun = sent.begun(earlier.flushed());
            if (traffic.movedSince(earlier.traffic(), ownRequests + begun - earlier.flushes(), begun - ended)) {
                if (!traffic.isUnchangedSince(earlier.traffic())) {
                    throw new DeviceInUseException(entry.getKey(), new User.Traffic());
                }
                read = Optional.of(entry.getKey());
            }
        }
        return read;
    }

    /**
     * Writes what programs have written to the disks, so that the counters show it. The claim has kept their last
     * close(2) from doing so, and the driver's {@code remove()} would discard it: {@code nvme_ns_remove} of {@code
     * drivers/nvme/host/core.c} sets the disk's capacity to 0 first.
     */
    private void writeBack(ShutdownMethod.Progress progress) throws IOException {
        progress.ask(() -> {
            for (Device disk : disks) {
                kernel.pageCache().writeBack(disk);
                for (Device partition : storage.partitionsOf(disk)) {
                    kernel.pageCache().writeBack(partition);
                }
            }
            return device;
        });
    }

    /** Reads the counters of reads anew. Those of changes remain as they were at the claim. */
    private void beginAnew() throws IOException {
        for (Map.Entry<Device, Reading> entry : before.entrySet()) {
            Usage.Traffic first = entry.getValue().traffic();
            Reading now = read(entry.getKey());
            entry.setValue(new Reading(now.traffic().withChangesOf(first), now.flushed(), now.flushes()));
        }
    }

    /** Releases the disks. */
    @Override
    public void close() {
        claims.forEach(BlockClaims.Claim::close);
    }
}
