// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.quiesced.kernel.DeviceEvents;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.Socket;

/** The uevents of the kernel, received from the kernel itself, so that they do not depend on udev. */
public final class UeventSocket implements DeviceEvents {
    /**
     * Requested size of the receive buffer: room for about ten thousand waiting events; the kernel allocates the memory
     * on demand. The service has no CAP_NET_ADMIN, so {@code net.core.rmem_max} bounds the size; at its default of 208
     * kB ({@code SK_RMEM_MAX} of {@code net/core/sock.c} up to Linux 6.12) there is room for a few hundred. Lost events
     * are reported ({@link Lost}), and require another read of the tree.
     */
    static final int BUFFER = 16 << 20;
    /** {@code UEVENT_BUFFER_SIZE} of {@code linux/kobject.h}, and the header line before it. */
    private static final int LONGEST = 8192;

    private final Socket socket;
    private final byte[] buffer = new byte[LONGEST];

    /**
     * Subscribes to uevents.
     *
     * @throws IOException if the kernel refuses
     */
    public UeventSocket() throws IOException {
        socket = Socket.uevents(BUFFER);
    }

    @Override
    public Optional<Notice> await(Duration limit) throws IOException {
        if (!socket.awaitData(limit)) {
            return Optional.empty();
        }
        try {
            OptionalInt length = socket.receiveFromKernel(buffer);
            return length.isPresent() ? parse(buffer, length.getAsInt()) : Optional.empty();
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOBUFS) {
                return Optional.of(new Lost());
            }
            throw e;
        }
    }

    /**
     * Parses a message: a line {@code ACTION@PATH} and {@code KEY=VALUE} pairs, each terminated by a zero byte ({@code
     * kobject_uevent_env} in {@code lib/kobject_uevent.c}). A synthetic event, which a write to a file {@code uevent}
     * causes, is ignored: it has {@code SYNTH_UUID} (Linux 4.13, {@code Documentation/ABI/testing/sysfs-uevent}), and
     * udev causes one per disk.
     */
    static Optional<Notice> parse(byte[] message, int length) {
        String action = "";
        String path = "";
        String subsystem = "";
        boolean repeated = false;
        for (String entry : new String(message, 0, length, StandardCharsets.UTF_8).split("\0")) {
            if (entry.startsWith("ACTION=")) {
                action = entry.substring("ACTION=".length());
            } else if (entry.startsWith("DEVPATH=")) {
                path = entry.substring("DEVPATH=".length());
            } else if (entry.startsWith("SUBSYSTEM=")) {
                subsystem = entry.substring("SUBSYSTEM=".length());
            } else if (entry.startsWith("SYNTH_UUID=")) {
                repeated = true;
            }
        }
        return action.isEmpty() || path.isEmpty() || repeated
                ? Optional.empty()
                : Optional.of(new Change(action, path, subsystem));
    }

    /**
     * Returns the size of the buffer for waiting events, with the kernel's overhead: twice the granted part of {@link
     * #BUFFER}.
     */
    int room() throws IOException {
        return socket.receiveBuffer();
    }

    @Override
    public void close() {
        socket.close();
    }
}
