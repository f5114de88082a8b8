// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.linux.SystemdNotifier;

/** Notifications to systemd go to a socket with a bounded queue (unix(7), {@code net.unix.max_dgram_qlen}). */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SystemdNotifierTest {
    @TempDir
    private Path directory;

    private String path;
    private int systemd;
    private SystemdNotifier notifier;

    @BeforeEach
    void listen() throws ErrnoException {
        path = directory.resolve("notify").toString();
        systemd = Libc.socket(Socket.AF_UNIX, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        try (UnixAddress address = UnixAddress.of(path)) {
            Libc.bind(systemd, address.pointer(), address.length());
        }
        notifier = new SystemdNotifier(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "30000000"));
    }

    @AfterEach
    void close() {
        Libc.close(systemd);
    }

    private String received() {
        byte[] buffer = new byte[256];
        int length = (int) Libc.recvfrom(systemd, buffer, buffer.length, 0, null, null);
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    /** Fills the queue of the socket, which is not read. */
    private void fill() throws ErrnoException {
        try (Socket socket = Socket.datagrams(path, Duration.ofMillis(1))) {
            while (true) {
                socket.send(new byte[1]);
            }
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.EAGAIN) {
                throw e;
            }
        }
    }

    @Test
    void watchdogIsSwitchedOffAndOn() {
        notifier.watchedOver(false);
        notifier.watchedOver(true);

        assertThat(received()).isEqualTo("WATCHDOG_USEC=0");
        assertThat(received()).isEqualTo("WATCHDOG_USEC=30000000");
    }

    @Test
    void unresponsiveManagerIsNotAwaited() throws ErrnoException {
        fill();

        notifier.watchedOver(false);
        notifier.alive();
        notifier.status("x");

        assertThat(received()).as("message that filled the queue").isEqualTo("\0");
    }

    @Test
    void readinessIsSentToASlowManager() throws Exception {
        fill();
        Thread says = new Thread(notifier::ready);
        says.start();
        // Exceeds the time limit of a message that may be lost.
        Thread.sleep(300);

        String last = received();
        while (last.equals("\0")) {
            last = received();
        }

        assertThat(last).isEqualTo("READY=1");
        says.join();
    }
}
