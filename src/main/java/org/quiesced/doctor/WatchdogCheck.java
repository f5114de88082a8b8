// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.config.TimeSpan;

/**
 * Checks whether a hardware watchdog resets the machine before the drives are down. systemd-shutdown(8) sets its
 * timeout to {@code RebootWatchdogSec=} at a reboot, 10 minutes by default, and does not ping it while a hook runs or
 * during the kernel's walk.
 *
 * @param root the root of the file system; {@code /} except in tests
 */
public record WatchdogCheck(Path root) {
    private static final String CHECK = "watchdog";
    private static final String KEY = "RebootWatchdogSec";

    /** The name of the setting before systemd 243, which later versions still read. */
    private static final String OLD_KEY = "ShutdownWatchdogSec";

    /** The default value of the setting (src/core/main.c). */
    private static final Duration DEFAULT = Duration.ofMinutes(10);

    private static final String CHANGE = "set RebootWatchdogSec= in /etc/systemd/system.conf to more, or to 0";

    /**
     * Runs the check.
     *
     * @param expected the expected shutdown time of the drives; empty if unknown
     * @param deadline the maximum time
     */
    public Finding check(Optional<Duration> expected, Duration deadline) {
        List<Path> devices = devices();
        if (devices.isEmpty()) {
            return Finding.ok(CHECK, "there is no hardware watchdog");
        }
        SystemdSetting systemd = new SystemdSetting(root);
        String setting = systemd.read(KEY).or(() -> systemd.read(OLD_KEY)).orElse("");
        if (setting.matches("0|off|infinity")) {
            return Finding.ok(CHECK, "no hardware watchdog is used at a reboot");
        }
        Optional<Duration> limit = limit(devices, setting);
        if (limit.isEmpty()) {
            return Finding.skipped(CHECK, KEY + "=" + setting + " is not understood");
        }
        String text = "the hardware watchdog resets the machine " + TimeSpan.format(limit.get())
                + " after systemd has stopped the units";
        if (expected.filter(time -> time.compareTo(limit.get()) >= 0).isPresent()) {
            return Finding.failed(CHECK, text + ", and the drives need " + TimeSpan.format(expected.get()), CHANGE);
        }
        return limit.get().compareTo(deadline) <= 0
                ? Finding.warning(
                        CHECK,
                        text + ", and quiesced may wait " + TimeSpan.format(deadline) + " for a drive",
                        CHANGE + ", or a shorter deadline in quiesced.toml")
                : Finding.ok(CHECK, text + ", which is enough");
    }

    /** Returns the effective timeout, which the hardware may limit; empty if there is no watchdog. */
    private static Optional<Duration> limit(List<Path> devices, String setting) {
        try {
            Duration asked = setting.isEmpty() || setting.equals("default") ? DEFAULT : TimeSpan.parse(setting);
            String attribute = setting.equals("default") ? "timeout" : "max_timeout";
            return Stream.concat(
                            Stream.of(asked),
                            devices.stream().flatMap(device -> seconds(device.resolve(attribute)).stream()))
                    .min(Duration::compareTo);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private List<Path> devices() {
        Path directory = root.resolve("sys/class/watchdog");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns an attribute in seconds; empty if it is 0. */
    private static Optional<Duration> seconds(Path attribute) {
        try {
            return Optional.of(Files.readString(attribute).strip())
                    .filter(text -> text.matches("[1-9]\\d{0,8}"))
                    .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
