// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCounters;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.ScsiGeneric.Answer;

/** Counters of SCSI disks by {@code SG_IO} through bsg (or sg): opening the block device could wake a disk. */
record LinuxScsiCounters(Path sys, Path dev, DeviceNode.Opener opener) implements ScsiCounters {
    /**
     * Time limit of the command. When it passes, the kernel aborts the command and may reset the disk, so it must not
     * be short.
     */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Override
    public Optional<BigInteger> startStopCycles(Device scsiDevice) throws IOException {
        ScsiNode node = ScsiNode.of(sys, dev, scsiDevice);
        try (NativeFile file = opener.open(node.path())) {
            Answer answer = node.read(file, StartStopPage.COMMAND, StartStopPage.SIZE, TIMEOUT);
            if (!answer.result().isGood()) {
                throw LinuxScsiCommands.failure(scsiDevice, "LOG SENSE", answer.result());
            }
            return StartStopPage.cycles(answer.data());
        }
    }
}
