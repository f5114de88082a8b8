// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.DeviceEvents.Change;
import org.quiesced.kernel.DeviceEvents.Notice;

/** Uevents of the kernel, and the socket that receives them. */
class UeventSocketTest {
    private static Optional<Notice> parse(String message) {
        byte[] bytes = (message + "garbage of an earlier message").getBytes(StandardCharsets.UTF_8);
        return UeventSocket.parse(bytes, message.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void kernelMessageIsParsed() {
        String message =
                "bind@/devices/pci0000:00/0000:00:01.0\0ACTION=bind\0DEVPATH=/devices/pci0000:00/0000:00:01.0\0"
                        + "SUBSYSTEM=pci\0DRIVER=nvme\0PCI_CLASS=10802\0SEQNUM=4711\0";

        assertThat(parse(message)).contains(new Change("bind", "/devices/pci0000:00/0000:00:01.0", "pci"));
    }

    @Test
    void synthesizedMessageIsIgnored() {
        assertThat(parse("change@/devices/a/block/sda\0ACTION=change\0DEVPATH=/devices/a/block/sda\0SUBSYSTEM=block\0"
                        + "SYNTH_UUID=0\0DEVTYPE=disk\0SEQNUM=4712\0"))
                .isEmpty();
    }

    @Test
    void foreignMessageIsIgnored() {
        assertThat(parse("")).isEmpty();
        assertThat(parse("libudev\0\u00fe\u00ed")).isEmpty();
        assertThat(parse("ACTION=add\0")).isEmpty();
    }

    @Test
    void socketBufferIsAsLargeAsTheKernelAllows() throws IOException {
        int limit = Integer.parseInt(
                Files.readString(Path.of("/proc/sys/net/core/rmem_max")).strip());
        int ordinary = Integer.parseInt(
                Files.readString(Path.of("/proc/sys/net/core/rmem_default")).strip());
        try (UeventSocket socket = new UeventSocket()) {
            // With CAP_NET_ADMIN the buffer has the requested size, otherwise at most the system's limit; it never has
            // the default size.
            assertThat(socket.room()).isIn(2 * UeventSocket.BUFFER, 2 * Math.min(limit, UeventSocket.BUFFER));
            assertThat(socket.room()).isGreaterThan(Math.min(ordinary, limit));
        }
    }
}
