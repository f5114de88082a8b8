// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quiesced.host.SystemState;
import org.quiesced.linux.PseudoFile;

/** The state of the machine from procfs and systemd's runtime directory. */
public final class LinuxSystemState implements SystemState {
    /**
     * The names of a PID 1 that runs the hooks: {@code /usr/lib/systemd/systemd-shutdown}, truncated by the kernel to
     * 15 characters ({@code TASK_COMM_LEN}), and {@code /shutdown} of an exitrd (systemd-shutdown(8)). The hook's
     * script has the same list.
     */
    private static final Set<String> LAST = Set.of("systemd-shutdow", "shutdown");

    /**
     * Files that mark a container of systemd ({@code /run/systemd/container}), podman and docker; see {@code
     * src/basic/virt.c} of systemd.
     */
    private static final Set<String> MARKS = Set.of("run/systemd/container", "run/.containerenv", ".dockerenv");

    /**
     * Index of {@code state}, and below that of {@code starttime}, after the name in {@code /proc/PID/stat} (proc(5):
     * fields 3 and 22).
     */
    private static final int STATE = 0;

    private static final int START = 19;

    /** {@code USER_HZ}, the ticks per second of {@code starttime}: 100 on all architectures except Alpha and IA-64. */
    private static final long TICKS = 100;

    private static final Pattern TIMEOUT = Pattern.compile("\0--timeout[=\0](\\d+)us(\0|$)");

    /** Maximum limit, in microseconds. systemd passes an infinite limit as a number beyond the range of a duration. */
    private static final BigInteger LONGEST =
            BigInteger.valueOf(Duration.ofDays(1).toNanos() / 1_000);

    private final Path root;

    /** Creates the surroundings of this machine. */
    public LinuxSystemState() {
        this(Path.of("/"));
    }

    /** Creates surroundings below another root directory. */
    public LinuxSystemState(Path root) {
        this.root = root;
    }

    @Override
    public boolean isContainer() {
        return MARKS.stream().anyMatch(mark -> Files.exists(root.resolve(mark)))
                || read("proc/1/environ").map(LinuxSystemState::namesContainer).orElse(false);
    }

    private static boolean namesContainer(String environment) {
        return environment.startsWith("container=") || environment.contains("\0container=");
    }

    @Override
    public boolean isFinalPhase() {
        return read("proc/1/comm").filter(LAST::contains).isPresent();
    }

    /**
     * Parses the argument of systemd-shutdown(8), in microseconds: {@code --timeout=90000000us}, in one or two words
     * ({@code become_shutdown} in {@code src/core/main.c}).
     */
    @Override
    public Optional<Duration> killTimeout() {
        return read("proc/1/cmdline")
                .filter(line -> isFinalPhase())
                .map(TIMEOUT::matcher)
                .filter(Matcher::find)
                .map(found -> new BigInteger(found.group(1)).min(LONGEST).longValueExact())
                .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
    }

    @Override
    public Optional<HostProcess> process(String pid) {
        return start(pid).map(start -> new Process(pid, start));
    }

    /** A process, identified by its start time in ticks since the boot. */
    private final class Process implements HostProcess {
        private final String pid;
        private final String start;

        Process(String pid, String start) {
            this.pid = pid;
            this.start = start;
        }

        @Override
        public boolean isAlive() {
            return start(pid).filter(start::equals).isPresent();
        }

        @Override
        public Duration age() {
            try {
                long now = read("proc/uptime")
                        .map(text -> Math.round(Double.parseDouble(text.split(" ")[0]) * TICKS))
                        .orElse(0L);
                return Duration.ofMillis(Math.max(0, now - Long.parseLong(start)) * 1000 / TICKS);
            } catch (NumberFormatException e) {
                return Duration.ZERO;
            }
        }
    }

    /** Returns the start time of a process, in ticks since the boot; empty if there is none, or it is a zombie. */
    private Optional<String> start(String pid) {
        return read("proc/" + pid + "/stat")
                // The name is in parentheses and may contain any character.
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "))
                .filter(fields -> fields.length > START && !fields[STATE].matches("[ZX]"))
                .map(fields -> fields[START]);
    }

    private Optional<String> read(String path) {
        return PseudoFile.read(root.resolve(path).toString());
    }
}
