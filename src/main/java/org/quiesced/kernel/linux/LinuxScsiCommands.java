// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.linux.ffi.NativeFile;
import org.quiesced.kernel.linux.ffi.ScsiGeneric;
import org.quiesced.kernel.linux.ffi.ScsiGeneric.Result;

/** SCSI commands by {@code SG_IO}: through the block device while its driver is bound, through bsg (or sg) when it is not. */
final class LinuxScsiCommands implements ScsiCommands {
    /** The driver's own limit for both commands: {@code SD_TIMEOUT} (30 s) times {@code SD_FLUSH_TIMEOUT_MULTIPLIER} (2), {@code sd.h}. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final byte[] SYNCHRONIZE_CACHE_10 = {0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] SYNCHRONIZE_CACHE_16 = {(byte) 0x91, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    /** START is bit 0 of byte 4; IMMED, bit 0 of byte 1, stays off: the answer comes when the disk stands still. */
    private static final byte[] STOP_UNIT = {0x1B, 0, 0, 0, 0, 0};

    private final Path dev;

    LinuxScsiCommands(Path dev) {
        this.dev = dev;
    }

    @Override
    public void synchronizeCache(Device disk) throws IOException {
        try (NativeFile file = NativeFile.open(DeviceNode.of(dev, disk))) {
            Result result = ScsiGeneric.sendV3(file, SYNCHRONIZE_CACHE_10, TIMEOUT);
            if (SenseData.of(result.sense()).map(SenseData::isInvalidOpcode).orElse(false)) {
                result = ScsiGeneric.sendV3(file, SYNCHRONIZE_CACHE_16, TIMEOUT);
            }
            check(disk, "SYNCHRONIZE CACHE", result);
        }
    }

    @Override
    public void stop(Device scsiDevice) throws IOException {
        String bsg = dev + "/bsg/" + scsiDevice.name();
        if (new File(bsg).exists()) {
            try (NativeFile file = NativeFile.open(bsg)) {
                check(scsiDevice, "START STOP UNIT", ScsiGeneric.sendV4(file, STOP_UNIT, TIMEOUT));
            }
        } else {
            try (NativeFile file = NativeFile.open(sgNode(scsiDevice))) {
                check(scsiDevice, "START STOP UNIT", ScsiGeneric.sendV3(file, STOP_UNIT, TIMEOUT));
            }
        }
    }

    private String sgNode(Device scsiDevice) throws IOException {
        String[] names = new File("/sys" + scsiDevice.path() + "/scsi_generic").list();
        if (names == null || names.length == 0) {
            throw new IOException(scsiDevice.name() + ": neither " + dev + "/bsg/" + scsiDevice.name()
                    + " nor an sg device is there");
        }
        return dev + "/" + names[0];
    }

    private static void check(Device device, String command, Result result) throws IOException {
        if (!result.isGood()) {
            String detail = SenseData.of(result.sense())
                    .map(SenseData::words)
                    .orElseGet(() -> String.format(
                            "status %02Xh, transport %02Xh, driver %02Xh",
                            result.deviceStatus(), result.transportStatus(), result.driverStatus()));
            throw new IOException(device.name() + ": " + command + " failed: " + detail);
        }
    }
}
