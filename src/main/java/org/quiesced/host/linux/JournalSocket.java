// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.quiesced.host.Journal;
import org.quiesced.host.KernelLog;
import org.quiesced.linux.Socket;

/** The journal by its native protocol (systemd's JOURNAL_NATIVE_PROTOCOL document): one datagram per entry. */
public final class JournalSocket implements Journal {
    private final String path;

    /** Creates the journal of this system. */
    public JournalSocket() {
        this("/run/systemd/journal/socket");
    }

    JournalSocket(String path) {
        this.path = path;
    }

    /** Writes an entry. Each entry opens the socket, because journald may be restarted. */
    @Override
    public boolean write(KernelLog.Priority priority, String message, Map<String, String> fields) {
        try (Socket socket = Socket.datagrams(path)) {
            socket.send(encode(priority, message, fields));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static byte[] encode(KernelLog.Priority priority, String message, Map<String, String> fields) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        add(entry, "MESSAGE", message);
        add(entry, "PRIORITY", String.valueOf(priority.level()));
        add(entry, "SYSLOG_IDENTIFIER", "quiesced");
        fields.forEach((name, value) -> add(entry, name, value));
        return entry.toByteArray();
    }

    /** Adds a field. A value with line ends is preceded by its length, 64 bits in little-endian order. */
    private static void add(ByteArrayOutputStream entry, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        entry.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        if (value.indexOf('\n') < 0) {
            entry.write('=');
        } else {
            entry.write('\n');
            entry.writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .array());
        }
        entry.writeBytes(bytes);
        entry.write('\n');
    }
}
