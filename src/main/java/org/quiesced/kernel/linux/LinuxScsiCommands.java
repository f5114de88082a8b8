// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.ScsiTimeLimits;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;
import org.quiesced.linux.ScsiGeneric;
import org.quiesced.linux.ScsiGeneric.Result;

/** SCSI commands by {@code SG_IO}: through the block device while its driver is bound, otherwise through bsg or sg. */
final class LinuxScsiCommands implements ScsiCommands {
    private static final byte[] SYNCHRONIZE_CACHE_10 = {0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] SYNCHRONIZE_CACHE_16 = {(byte) 0x91, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    /**
     * START STOP UNIT with START = 0 (bit 0 of byte 4) and IMMED = 0 (bit 0 of byte 1): the disk answers when it has
     * stopped.
     */
    private static final byte[] STOP_UNIT = {0x1B, 0, 0, 0, 0, 0};

    private final Path sys;
    private final Path dev;
    private final DeviceNode.Opener opener;

    LinuxScsiCommands(Path sys, Path dev, DeviceNode.Opener opener) {
        this.sys = sys;
        this.dev = dev;
        this.opener = opener;
    }

    @Override
    public void synchronizeCache(Device disk) throws IOException {
        Duration timeout = ScsiTimeLimits.synchronizeCache(PseudoFile.read(sys + disk.path() + "/device/timeout"));
        try (NativeFile file = opener.open(DeviceNode.of(dev, disk))) {
            synchronizeCache(disk, command -> ScsiGeneric.sendV3(file, command, timeout));
        }
    }

    /**
     * Sends SYNCHRONIZE CACHE up to the maximum number of attempts. Switches to the long form if the disk does not
     * support the short one.
     *
     * @throws IOException if no attempt succeeds
     */
    static void synchronizeCache(Device disk, Sender sender) throws IOException {
        byte[] command = SYNCHRONIZE_CACHE_10;
        Result result = sender.send(command);
        int attempts = 1;
        while (true) {
            if (command == SYNCHRONIZE_CACHE_10 && has(result, SenseData::isInvalidOpcode)) {
                // An answer that requests the long form may follow a UNIT ATTENTION; it does not count as an attempt.
                command = SYNCHRONIZE_CACHE_16;
            } else if (SyncCacheOutcome.of(result) == SyncCacheOutcome.AGAIN && attempts < SyncCacheOutcome.ATTEMPTS) {
                attempts++;
            } else {
                break;
            }
            result = sender.send(command);
        }
        if (SyncCacheOutcome.of(result) != SyncCacheOutcome.DONE) {
            throw failure(disk, "SYNCHRONIZE CACHE", result);
        }
    }

    @Override
    public void stop(Device scsiDevice) throws IOException {
        ScsiNode node = ScsiNode.of(sys, dev, scsiDevice);
        try (NativeFile file = opener.open(node.path())) {
            stop(scsiDevice, command -> node.send(file, command, ScsiTimeLimits.STOP));
        }
    }

    /**
     * Sends START STOP UNIT, and repeats it while the disk reports a UNIT ATTENTION. Like {@code sd_start_stop_device}
     * in {@code drivers/scsi/sd.c}, treats an absent medium as success.
     *
     * @throws IOException if the disk rejects the command
     */
    static void stop(Device scsiDevice, Sender sender) throws IOException {
        Result result = sender.send(STOP_UNIT);
        for (int i = 1; i < SyncCacheOutcome.ATTEMPTS && has(result, SenseData::isUnitAttention); i++) {
            result = sender.send(STOP_UNIT);
        }
        if (!result.isGood() && !has(result, SenseData::isMediumAbsent)) {
            throw failure(scsiDevice, "START STOP UNIT", result);
        }
    }

    /** Returns a reader for the counters of the same disks. */
    LinuxScsiCounters counters() {
        return new LinuxScsiCounters(sys, dev, opener);
    }

    private static boolean has(Result result, Predicate<SenseData> what) {
        return SenseData.of(result.sense()).filter(what).isPresent();
    }

    /** Sends a command and returns its result. */
    @FunctionalInterface
    interface Sender {
        Result send(byte[] command) throws IOException;
    }

    /** Returns the exception for a command that has failed. */
    static IOException failure(Device device, String command, Result result) {
        String detail = SenseData.of(result.sense())
                .map(SenseData::describe)
                .orElseGet(() -> String.format(
                        "status %02Xh, transport %02Xh, driver %02Xh",
                        result.deviceStatus(), result.transportStatus(), result.driverStatus()));
        return new IOException(device.name() + ": " + command + " failed: " + detail);
    }
}
