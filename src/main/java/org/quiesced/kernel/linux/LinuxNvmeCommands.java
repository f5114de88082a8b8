// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import org.quiesced.device.Device;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.SentFlushes;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.NvmePassthru;

/**
 * NVMe commands by the driver's ioctls. Unless the caller sets another time limit they have that of the driver ({@code
 * nvme_core.admin_timeout} and {@code nvme_core.io_timeout}): when a time limit passes, the driver resets the
 * controller, so a shorter one would disturb a drive that is merely slow.
 */
final class LinuxNvmeCommands implements NvmeCommands {
    /** Get Log Page, NVM Express Base Specification 2.0, figure 138. */
    private static final int GET_LOG_PAGE = 0x02;

    private static final int IDENTIFY = 0x06;
    /** CNS value of Identify Controller, figure 273. */
    private static final int CNS_CONTROLLER = 0x01;

    private static final int SMART_LOG = 0x02;
    private static final int ALL_NAMESPACES = 0xFFFFFFFF;
    /** Flush, NVM Command Set Specification 1.0, figure 14. */
    private static final int FLUSH = 0x00;

    /** Selects the driver's own time limit. */
    private static final Duration DRIVERS_OWN = Duration.ZERO;

    private final Path dev;
    private final DeviceNode.Opener opener;
    private final SentFlushes sent = new SentFlushes();

    LinuxNvmeCommands(Path dev, DeviceNode.Opener opener) {
        this.dev = dev;
        this.opener = opener;
    }

    @Override
    public Identity identify(Device controller) throws IOException {
        return identify(controller, DRIVERS_OWN);
    }

    @Override
    public Identity identify(Device controller, Duration limit) throws IOException {
        return NvmeData.identity(
                read(controller, IDENTIFY, 0, NvmeData.IDENTITY_SIZE, CNS_CONTROLLER, "Identify", limit));
    }

    @Override
    public Health health(Device controller) throws IOException {
        // Bits 31:16 of dword 10 are the number of dwords minus one, bits 7:0 the identifier of the log page.
        int dword10 = (NvmeData.HEALTH_SIZE / 4 - 1) << 16 | SMART_LOG;
        return NvmeData.health(read(
                controller, GET_LOG_PAGE, ALL_NAMESPACES, NvmeData.HEALTH_SIZE, dword10, "Get Log Page", DRIVERS_OWN));
    }

    @Override
    public void flush(Device namespace) throws IOException {
        try (NativeFile file = opener.open(DeviceNode.of(dev, namespace))) {
            int id = NvmePassthru.namespaceId(file);
            SentFlushes.Sending sending = sent.begin(namespace);
            try (sending) {
                check(namespace, "Flush", NvmePassthru.io(file, FLUSH, id));
            }
        }
    }

    @Override
    public SentFlushes sentFlushes() {
        return sent;
    }

    private ByteBuffer read(
            Device controller, int opcode, int namespace, int length, int dword10, String name, Duration limit)
            throws IOException {
        try (NativeFile file = opener.open(DeviceNode.of(dev, controller))) {
            NvmePassthru.Completion completion =
                    NvmePassthru.adminRead(file, opcode, namespace, length, dword10, Math.toIntExact(limit.toMillis()));
            check(controller, name, completion.status());
            return ByteBuffer.wrap(completion.data()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static void check(Device device, String command, int status) throws IOException {
        if (status != 0) {
            throw new IOException(device.name() + ": " + command + " failed: " + NvmeData.statusText(status));
        }
    }
}
