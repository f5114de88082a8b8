// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.host.ServiceManager;
import org.quiesced.linux.Socket;

/** Notifies systemd by the socket that it names in the environment (sd_notify(3), sd_watchdog_enabled(3)). */
public final class SystemdNotifier implements ServiceManager {
    /** Time limit of a message that ends a start or a reload, for which systemd waits. */
    private static final Duration AWAITED = Duration.ofSeconds(10);

    /**
     * Time limit of other messages, which may be sent by threads that a shutdown waits for; a message is lost if
     * systemd does not read it.
     */
    private static final Duration PASSING = Duration.ofMillis(100);

    private final Optional<String> socket;
    private final Optional<Duration> watchdog;

    /** Creates a notifier from a process's environment; outside of systemd it does nothing. */
    public SystemdNotifier(Map<String, String> environment) {
        this.socket = Optional.ofNullable(environment.get("NOTIFY_SOCKET"));
        this.watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC")).flatMap(SystemdNotifier::micros);
    }

    private static Optional<Duration> micros(String text) {
        try {
            return Optional.of(Duration.ofNanos(Math.multiplyExact(1000, Long.parseLong(text))));
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void ready() {
        send("READY=1", AWAITED);
    }

    @Override
    public void reloading() {
        // Type=notify-reload requires the time. System.nanoTime() is CLOCK_MONOTONIC on Linux.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000, AWAITED);
    }

    @Override
    public void status(String line) {
        send("STATUS=" + line.replace('\n', ' '), PASSING);
    }

    @Override
    public void alive() {
        send("WATCHDOG=1", PASSING);
    }

    /**
     * Sets the watchdog's timeout; 0 disables it ({@code service_start_watchdog} in {@code src/core/service.c} of
     * systemd).
     */
    @Override
    public void watchedOver(boolean isWatched) {
        watchdog.ifPresent(limit -> send("WATCHDOG_USEC=" + (isWatched ? limit.toNanos() / 1000 : 0), PASSING));
    }

    @Override
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    /**
     * Sends a message. Each message opens the socket, because systemd creates a new one when it re-executes itself, for
     * example for an upgrade.
     */
    private void send(String message, Duration longest) {
        if (socket.isEmpty()) {
            return;
        }
        try (Socket connection = Socket.datagrams(socket.get(), longest)) {
            connection.send(message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
    }
}
