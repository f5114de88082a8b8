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
 * @param mode the default for devices that are not configured otherwise
 * @param deadline time limit of the late phase of a run, from {@link #SHORTEST} to {@link #LONGEST_DEADLINE}
 * @param handover whether the hook returns as soon as all unfinished devices are in flight, for which the kernel then
 *     waits; empty: only if the kernel itself shuts devices down in parallel
 * @param early the drives that are shut down in the early phase
 * @param root whether the drives of the root file system are shut down in an exitrd
 * @param release the kinds of holders that are stopped when they have no user, so that their drives are shut down in
 *     the early phase
 * @param lastResort how long a change may be stuck beyond its time limit before the machine is restarted by force;
 *     empty: no limit
 * @param limit maximum duration of the whole shutdown, from its request, before the machine is restarted by force;
 *     empty: none
 * @param group name or ID of the group that may use the control socket besides root
 * @param metrics absolute path of the file for a monitoring system
 * @param drivers settings of drivers, by name
 * @param devices settings of devices, by glob, in order: later ones override earlier ones, and all override those of
 *     the driver
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

    /** Minimum of {@code deadline}, and of the time spans that can be {@code off}. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Maximum of each time span of the configuration. */
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
