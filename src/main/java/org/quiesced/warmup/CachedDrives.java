// SPDX-License-Identifier: Apache-2.0
package org.quiesced.warmup;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.device.Device;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.SentFlushes;

/**
 * NVMe commands that report a volatile write cache for each drive, so that it is flushed.
 *
 * @param nvme the commands to delegate to
 */
record CachedDrives(NvmeCommands nvme) implements NvmeCommands {
    @Override
    public Identity identify(Device controller) throws IOException {
        return withCache(nvme.identify(controller));
    }

    @Override
    public Identity identify(Device controller, Duration limit) throws IOException {
        return withCache(nvme.identify(controller, limit));
    }

    private static Identity withCache(Identity answer) {
        return new Identity(answer.serial(), answer.model(), true, answer.shutdownTime());
    }

    @Override
    public Health health(Device controller) throws IOException {
        return nvme.health(controller);
    }

    @Override
    public void flush(Device namespace) throws IOException {
        nvme.flush(namespace);
    }

    @Override
    public SentFlushes sentFlushes() {
        return nvme.sentFlushes();
    }
}
