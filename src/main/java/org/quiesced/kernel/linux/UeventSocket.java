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

/**
 * The kernel's uevents, from the kernel itself and not from udev: nothing needs to be alive for them but the kernel.
 */
public final class UeventSocket implements DeviceEvents {
    /**
     * Asked for: room for some ten thousand events that wait; the kernel takes the memory only when they do. The
     * service has no CAP_NET_ADMIN, so {@code net.core.rmem_max} bounds it; where that is 208 kB ({@code SK_RMEM_MAX}
     * of {@code net/core/sock.c} up to Linux 6.12) there is room for some hundred. What is lost is noticed
     * ({@link Lost}), and costs one more look at the tree.
     */
    static final int BUFFER = 16 << 20;
    /** {@code UEVENT_BUFFER_SIZE} of {@code linux/kobject.h}, and the header line before it. */
    private static final int LONGEST = 8192;

    private final Socket socket;
    private final byte[] buffer = new byte[LONGEST];

    /**
     * Subscribes.
     *
     * @throws IOException if the kernel does not allow that
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
     * Reads a message: a line {@code ACTION@PATH} and then {@code KEY=VALUE}s, each ended by a zero byte
     * ({@code kobject_uevent_env} in {@code lib/kobject_uevent.c}). One that somebody made the kernel repeat by writing
     * to a file {@code uevent} tells nothing new, and udev does that for each disk: it has {@code SYNTH_UUID} (Linux
     * 4.13, {@code Documentation/ABI/testing/sysfs-uevent}).
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
     * Returns how many bytes of events may wait, with the kernel's bookkeeping: twice what it granted of
     * {@link #BUFFER}.
     */
    int room() throws IOException {
        return socket.receiveBuffer();
    }

    @Override
    public void close() {
        socket.close();
    }
}
