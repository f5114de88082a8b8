// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.method.DriveTypes;

/** Creates configurations for tests, without values that do not matter there. */
public final class Configs {
    /** Reads configurations that may name the supported drivers. */
    public static final ConfigFiles FILES = new ConfigFiles(DriveTypes.SUPPORTED.drivers());

    private Configs() {}

    /** Returns settings with these values; the others are not set. */
    public static Settings settings(Object... values) {
        return new Settings(
                one(Settings.Shutdown.class, values),
                one(Settings.Method.class, values),
                one(Settings.Timeout.class, values),
                one(Settings.Flush.class, values),
                one(Settings.Stop.class, values),
                one(Phases.class, values));
    }

    private static <T> Optional<T> one(Class<T> type, Object... values) {
        return Stream.of(values).filter(type::isInstance).map(type::cast).findFirst();
    }

    /**
     * Returns a configuration with these values, the default deadline, {@code early = "free"} and
     * {@code root = "auto"}.
     */
    public static Config config(Mode mode, Map<String, Settings> drivers, Map<String, Settings> devices) {
        return new Config(
                mode,
                Config.DEFAULT_DEADLINE,
                Optional.empty(),
                Early.FREE,
                Root.AUTO,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                drivers,
                devices);
    }
}
