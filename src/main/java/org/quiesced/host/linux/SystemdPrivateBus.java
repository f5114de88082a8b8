// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.SystemManager;
import org.quiesced.linux.Host;
import org.quiesced.shutdown.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private socket of systemd: D-Bus without a bus daemon, available as long as systemd itself. systemd accepts
 * connections of its own user ({@code bus_on_connection} in {@code src/core/dbus.c}, {@code bus_check_peercred});
 * systemctl(1) uses it too. Each call opens a connection, because systemd may re-execute itself between calls.
 */
public final class SystemdPrivateBus implements SystemManager {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private static final Path SOCKET = Path.of("/run/systemd/private");
    private static final Duration ASKING = Duration.ofSeconds(1);
    /** Time limit for the verb: without it there is no early phase, and systemd is busy while it stops units. */
    private static final Duration ASKING_VERB = Duration.ofSeconds(5);

    /** Time limit for a start: systemd may first send many signals, for example for devices that have reappeared. */
    private static final Duration STARTING = Duration.ofSeconds(10);

    /** Maximum length of a message, in bytes. Replies are short; signals between them may be longer. */
    private static final int LONGEST = 1 << 18;

    private static final int SERIAL = 1;
    private static final String NAME = "org.freedesktop.systemd1";
    private static final String PATH = "/org/freedesktop/systemd1";
    private static final String UNIT = NAME + ".Unit";
    private static final String JOB = NAME + ".Job";
    /** The path of the target that each shutdown starts. */
    private static final String SHUTDOWN_TARGET = target("shutdown");

    private static final DBusMessage.Method START_UNIT =
            new DBusMessage.Method(NAME, PATH, NAME + ".Manager", "StartUnit");

    /** The value of the property {@code Job} for no job ({@code property_get_job} in {@code src/core/dbus-unit.c}). */
    private static final String NO_JOB = "/";

    private final Path socket;

    /** Creates a client of the systemd that is PID 1. */
    public SystemdPrivateBus() {
        this(SOCKET);
    }

    SystemdPrivateBus(Path socket) {
        this.socket = socket;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A shutdown is in progress if {@code shutdown.target} is active or has a queued job. The manager's {@code
     * SystemState} reports a shutdown only after the boot has finished, which a job that survives the shutdown's
     * transaction prevents ({@code manager_state} of {@code src/core/manager.c}). The job is queried first: when it
     * ends, the target is active.
     */
    @Override
    public State state() {
        try {
            long end = System.nanoTime() + ASKING.toNanos();
            if (!get(end, SHUTDOWN_TARGET, UNIT, "Job").equals(NO_JOB)) {
                return State.STOPPING;
            }
            return switch (get(end, SHUTDOWN_TARGET, UNIT, "ActiveState")) {
                case "active", "activating", "reloading", "refreshing" -> State.STOPPING;
                case "inactive", "failed" -> State.UP;
                default -> State.UNKNOWN;
            };
        } catch (IOException e) {
            LOG.debug("systemd cannot be queried: {}", e.getMessage());
            return State.UNKNOWN;
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A shutdown is a queued start of the target of its verb (systemd.special(7)); a soft-reboot has another target.
     */
    @Override
    public Optional<Verb> verb() throws IOException {
        long end = System.nanoTime() + ASKING_VERB.toNanos();
        for (Verb verb : Verb.values()) {
            String job = get(end, target(verb.word()), UNIT, "Job");
            if (!job.equals(NO_JOB) && get(end, job, JOB, "JobType").equals("start")) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the path of a target; characters other than letters and digits are encoded as numbers ({@code
     * bus_label_escape}).
     */
    private static String target(String name) {
        return PATH + "/unit/" + name + "_2etarget";
    }

    private String get(long end, String path, String interfaceName, String property) throws IOException {
        DBusMessage.Method get = new DBusMessage.Method(NAME, path, "org.freedesktop.DBus.Properties", "Get");
        return call(end, get, interfaceName, property);
    }

    /** The mode is {@code fail}, which does not replace queued jobs (systemctl(1), {@code --job-mode=}). */
    @Override
    public void start(String unit) throws IOException {
        call(System.nanoTime() + STARTING.toNanos(), START_UNIT, unit, "fail");
    }

    private String call(long end, DBusMessage.Method method, String... arguments) throws IOException {
        try (Connection connection = LocalSocket.connect(socket, left(end))) {
            Wire wire = new Wire(connection, end);
            authenticate(wire);
            connection.write(DBusMessage.call(SERIAL, method, arguments));
            DBusMessage message = wire.message();
            while (!message.answers(SERIAL)) {
                message = wire.message();
            }
            return message.value();
        }
    }

    private static Duration left(long end) throws IOException {
        long left = end - System.nanoTime();
        // The kernel treats 0 as no limit.
        if (left < 1_000_000) {
            throw new IOException("systemd is too slow");
        }
        return Duration.ofNanos(left);
    }

    /**
     * Authenticates. systemd checks the credentials of the socket; the protocol also requires the user ID (D-Bus
     * Specification, "EXTERNAL").
     *
     * <p>All lines are sent at once, and nothing after them before the reply: systemd handles data that it has read
     * together with {@code BEGIN} only when more arrives ({@code bus_socket_auth_verify_server} of {@code
     * src/libsystemd/sd-bus/bus-socket.c}).
     */
    private static void authenticate(Wire wire) throws IOException {
        String user = Integer.toString(Host.user());
        StringBuilder hexadecimal = new StringBuilder();
        for (byte digit : user.getBytes(StandardCharsets.US_ASCII)) {
            hexadecimal.append(Integer.toHexString(digit));
        }
        wire.send("\0AUTH EXTERNAL " + hexadecimal + "\r\nBEGIN\r\n");
        String answer = wire.line();
        if (!answer.startsWith("OK ")) {
            throw new IOException("systemd refuses the connection: " + answer);
        }
    }

    /** A connection with a time limit for all of its operations. */
    private record Wire(Connection connection, long end) {
        void send(String text) throws IOException {
            connection.write(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads a line, byte by byte, because signals may follow it. */
        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                if (line.length() > DBusMessage.FIXED * 16) {
                    throw new IOException("systemd answers at length");
                }
                line.append(new String(bytes(1), StandardCharsets.US_ASCII));
            }
            return line.substring(0, line.length() - 2);
        }

        /**
         * Reads the next message that is not a signal. Each connection receives signals, possibly hundreds; their
         * bodies are skipped.
         */
        DBusMessage message() throws IOException {
            byte[] start;
            byte[] rest;
            do {
                start = bytes(DBusMessage.FIXED);
                long length = DBusMessage.length(start);
                if (length > LONGEST) {
                    throw new IOException("a message of systemd is too long");
                }
                rest = bytes((int) length - start.length);
            } while (DBusMessage.isSignal(start));
            byte[] whole = Arrays.copyOf(start, start.length + rest.length);
            System.arraycopy(rest, 0, whole, start.length, rest.length);
            return DBusMessage.of(whole);
        }

        private byte[] bytes(int count) throws IOException {
            byte[] all = new byte[count];
            int have = 0;
            while (have < count) {
                connection.limitWaiting(left(end));
                byte[] piece = new byte[count - have];
                int length = connection.read(piece);
                if (length == 0) {
                    throw new IOException("systemd has closed the connection");
                }
                System.arraycopy(piece, 0, all, have, length);
                have += length;
            }
            return all;
        }
    }
}
