// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.host.SystemManager;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.WalkMode;

/**
 * The configuration in force.
 *
 * @param mode what holds where nothing else is said
 * @param deadline how long the late phase of a run may take, from {@link #SHORTEST} to {@link #LONGEST_DEADLINE}
 * @param handover whether the hook returns as soon as nothing is pending any more, and the kernel waits for what is in
 *     flight; empty: where the kernel shuts devices down in parallel itself
 * @param early which drives go down in the early phase
 * @param root whether the drives of the root file system go down in an exitrd
 * @param release the kinds of holders that are stopped when nobody uses them, so that their drives go down in the early
 *     phase
 * @param lastResort how long after its patience something that we began may be stuck before the machine is restarted by
 *     force; empty: for ever
 * @param limit how long the whole shutdown may take, from its request, before the machine is restarted by force; empty:
 *     for ever
 * @param group who besides root may ask the daemon: the name or the number of a group
 * @param metrics the file in which a monitoring system is told of the last shutdown; an absolute path
 * @param drivers what is said of drivers, by name
 * @param devices what is said of devices, by glob, in order: later ones override earlier ones, and all of them the
 *     drivers
 */
public record Config(
        Mode mode,
        Duration deadline,
        Optional<Boolean> handover,
        Early early,
        Root root,
        Set<HolderKind> release,
        Optional<Duration> lastResort,
        Optional<Duration> limit,
        Optional<String> group,
        Optional<Path> metrics,
        Map<String, Settings> drivers,
        Map<String, Settings> devices) {
    /** The default of {@code deadline}. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(80);
    /** The run ends before systemd-shutdown kills its hooks ({@link SystemManager#DEFAULT_TIMEOUT}). */
    public static final Duration LONGEST_DEADLINE = Duration.ofSeconds(85);

    /** The default of {@code last_resort}. */
    public static final Duration DEFAULT_LAST_RESORT = Duration.ofSeconds(30);

    /** No deadline may be shorter, and no time span that can be {@code off}. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    /** No time span of the configuration may be longer. */
    public static final Duration LONGEST = Duration.ofHours(1);

    /** The configuration without any file: {@code mode = "safe"}, and no driver opted in. */
    public static final Config DEFAULT = new Config(
            Mode.SAFE,
            DEFAULT_DEADLINE,
            Optional.empty(),
            Early.RELEASED,
            Root.AUTO,
            Set.of(),
            Optional.of(DEFAULT_LAST_RESORT),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of());

    /** Checks the deadline and copies the collections; the devices keep their order. */
    public Config {
        if (deadline.compareTo(SHORTEST) < 0 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("deadline out of range: " + deadline);
        }
        release = Set.copyOf(release);
        drivers = Map.copyOf(drivers);
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
    }

    /**
     * Returns whether the hook returns when no device is pending. By default it does if the kernel shuts devices down
     * in parallel, because its walk then proceeds while devices are in flight.
     */
    public boolean handsOver(WalkMode walk) {
        return handover.orElse(walk == WalkMode.ASYNCHRONOUS);
    }

    /**
     * Returns the settings of a device.
     *
     * @param driver its driver
     * @param names its own sysfs name, and those of its controller and disks
     */
    public Settings settingsFor(String driver, Collection<String> names) {
        Settings settings = Optional.ofNullable(drivers.get(driver)).orElse(Settings.NONE);
        for (Map.Entry<String, Settings> rule : devices.entrySet()) {
            Glob glob = new Glob(rule.getKey());
            if (names.stream().anyMatch(glob::matches)) {
                settings = rule.getValue().orElse(settings);
            }
        }
        return settings;
    }
}
