// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import org.quiesced.device.Device;
import org.quiesced.kernel.PageCache;
import org.quiesced.linux.CachedData;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;

/**
 * Writes the cached data of a block device by its node, which is opened without a claim. The disk's cache is not
 * flushed, so that a disk without such data receives no request, unlike with fsync(2).
 */
final class LinuxPageCache implements PageCache {
    private final Path sys;
    private final Path dev;
    private final DeviceNode.Opener opener;

    LinuxPageCache(Path sys, Path dev, DeviceNode.Opener opener) {
        this.sys = sys;
        this.dev = dev;
        this.opener = opener;
    }

    @Override
    public void writeBack(Device device) throws IOException {
        try (NativeFile file = opener.open(DeviceNode.of(dev, device))) {
            CachedData.write(file);
        } catch (ErrnoException e) {
            if (!DeviceNode.isAbsent(sys, device, e)) {
                throw e;
            }
        }
    }
}
