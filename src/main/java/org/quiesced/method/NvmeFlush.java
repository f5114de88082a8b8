// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.config.Settings.Flush;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Identity;

/** Flushes a controller's namespaces, regardless of its transport, before it is notified. */
final class NvmeFlush {
    private NvmeFlush() {}

    /** Returns the step as a plan shows it, or nothing if there is none. */
    static Optional<Step> step(Target target) {
        return switch (target.flush()) {
            case AUTO -> Optional.of(Step.of(Step.Type.FLUSH_IF_CACHED, target.disks()));
            case ALWAYS -> Optional.of(Step.of(Step.Type.FLUSH, target.disks()));
            case NEVER -> Optional.empty();
        };
    }

    /**
     * Flushes the disks one after the other, as configured. A namespace that several controllers share is flushed by
     * one of those that claim it together.
     *
     * @param identity the identity that the controller has reported
     * @throws GivenUpException if the device has no time left
     * @throws IOException if a command fails
     */
    static void all(
            Target target, Identity identity, DiskClaims claims, Kernel kernel, ShutdownMethod.Progress progress)
            throws IOException {
        if (target.flush() == Flush.ALWAYS || target.flush() == Flush.AUTO && identity.volatileWriteCache()) {
            for (Device disk : claims.disks()) {
                if (progress.left().isZero()) {
                    throw new GivenUpException();
                }
                progress.flush(disk, () -> {
                    one(target, disk, kernel);
                    return disk;
                });
            }
            progress.flushed();
        }
    }

    /**
     * Flushes a disk. If a head disk of a multipath subsystem fails, it is flushed once more: the kernel sends the
     * command through any of its paths, possibly that of another controller that is being shut down. Then the failure
     * is not the drive's, and the next command goes through a remaining path.
     */
    private static void one(Target target, Device disk, Kernel kernel) throws IOException {
        try {
            kernel.nvme().flush(disk);
        } catch (IOException e) {
            if (!isHead(target, disk)) {
                throw e;
            }
            kernel.nvme().flush(disk);
        }
    }

    private static boolean isHead(Target target, Device disk) {
        return !disk.path().startsWith(target.device().path() + "/");
    }
}
