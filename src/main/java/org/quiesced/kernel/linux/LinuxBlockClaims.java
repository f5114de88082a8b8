// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;

/**
 * Claims disks by opening them with {@code O_EXCL} (open(2)), which the kernel grants to one holder at a time. A drive
 * without a medium cannot be in use: its claim succeeds.
 */
final class LinuxBlockClaims implements BlockClaims {
    private final Path sys;
    private final Path dev;
    private final Supplier<VisibleUsers> users;

    /**
     * Creates the claims on the disks of a machine.
     *
     * @param users returns the present users of disks
     */
    LinuxBlockClaims(Path sys, Path dev, Supplier<VisibleUsers> users) {
        this.sys = sys;
        this.dev = dev;
        this.users = users;
    }

    @Override
    public Claim claim(Device disk) throws IOException {
        try {
            NativeFile file = DeviceNode.claim(
                    dev, disk, () -> visibleUsers().of(disk).map(DiskUser::user).orElseGet(User.Unlisted::new));
            return file::close;
        } catch (ErrnoException e) {
            if (DeviceNode.isAbsent(sys, disk, e)) {
                return () -> {};
            }
            throw e;
        }
    }

    @Override
    public VisibleUsers visibleUsers() {
        return users.get();
    }
}
