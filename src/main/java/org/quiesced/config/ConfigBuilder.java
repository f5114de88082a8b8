// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.quiesced.kernel.HolderKind;
import tools.jackson.databind.JsonNode;

/** Validates the keys and values of files, and merges the files. */
final class ConfigBuilder {
    private static final List<String> TOP = List.of(
            "mode",
            "deadline",
            "handover",
            "early",
            "root",
            "release",
            "last_resort",
            "limit",
            "group",
            "metrics",
            "driver",
            "device");
    private static final List<String> ALL = List.of("shutdown", "method", "timeout", "flush", "stop", "phases");

    /** Keys that only the tables of some drivers accept. */
    private static final Map<String, Settings.Key> DRIVER_SPECIFIC =
            Map.of("flush", Settings.Key.FLUSH, "stop", Settings.Key.STOP);

    private final KnownDrivers known;
    private final List<ConfigProblem> problems;
    private final List<TomlSource> sources = new ArrayList<>();
    private final Map<String, Settings> drivers = new LinkedHashMap<>();
    private final Map<String, Settings> devices = new LinkedHashMap<>();
    private Mode mode = Config.DEFAULT.mode();
    private Duration deadline = Config.DEFAULT.deadline();
    private Optional<Boolean> handover = Config.DEFAULT.handover();
    private Early early = Config.DEFAULT.early();
    private Root root = Config.DEFAULT.root();
    private Set<HolderKind> release = Config.DEFAULT.release();
    private Optional<Duration> lastResort = Config.DEFAULT.lastResort();
    private Optional<Duration> limit = Config.DEFAULT.limit();
    private Optional<String> group = Config.DEFAULT.group();
    private Optional<Path> metrics = Config.DEFAULT.metrics();

    ConfigBuilder(KnownDrivers known, List<ConfigProblem> problems) {
        this.known = known;
        this.problems = problems;
    }

    void add(TomlSource source) {
        sources.add(source);
        Values values = new Values(source, problems);
        for (Map.Entry<String, JsonNode> entry : source.values().properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            switch (key) {
                case "mode" -> mode = values.choice(key, value, Mode.class).orElse(mode);
                case "deadline" -> deadline = values.deadline(value).orElse(deadline);
                case "handover" -> handover = values.flagOrAuto(key, value).orElse(handover);
                case "early" -> early = values.choice(key, value, Early.class).orElse(early);
                case "root" -> root = values.choice(key, value, Root.class).orElse(root);
                case "release" -> release = values.holders(key, value).orElse(release);
                case "last_resort" -> lastResort = values.spanOrOff(key, value).orElse(lastResort);
                case "limit" -> limit = values.spanOrOff(key, value).orElse(limit);
                case "group" -> group = values.group(key, value).or(() -> group);
                case "metrics" -> metrics = values.file(key, value).or(() -> metrics);
                case "driver", "device" -> sections(source, key, value);
                default -> problems.add(source.problem(key, Values.unknown("key", key, TOP)));
            }
        }
    }

    Config build() {
        drivers.forEach(this::checkThatThereIsAMethod);
        drivers.forEach(this::checkThatTheMethodIsForIt);
        return new Config(
                mode, deadline, handover, early, root, release, lastResort, limit, group, metrics, drivers, devices);
    }

    private void sections(TomlSource source, String kind, JsonNode tables) {
        if (!tables.isObject()) {
            problems.add(source.problem(kind, "expected tables, [" + kind + ".NAME]"));
            return;
        }
        for (Map.Entry<String, JsonNode> entry : tables.properties()) {
            String name = entry.getKey();
            String key = kind + "." + name;
            if (!entry.getValue().isObject()) {
                problems.add(source.problem(key, "expected a table, [" + kind + "." + name + "]"));
            } else if (kind.equals("driver")) {
                Settings settings = settings(source, key, entry.getValue(), allowed(name));
                drivers.merge(name, settings, (old, latest) -> latest.orElse(old));
            } else if (isGlob(source, key, name)) {
                Settings settings = settings(source, key, entry.getValue(), ALL);
                devices.merge(name, settings, (old, latest) -> latest.orElse(old));
            }
        }
    }

    private List<String> allowed(String driver) {
        Set<Settings.Key> own = known.keys().getOrDefault(driver, Set.of());
        return ALL.stream()
                .filter(key -> !DRIVER_SPECIFIC.containsKey(key) || own.contains(DRIVER_SPECIFIC.get(key)))
                .toList();
    }

    private boolean isGlob(TomlSource source, String key, String name) {
        try {
            new Glob(name);
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(source.problem(key, String.valueOf(e.getMessage())));
            return false;
        }
    }

    private Settings settings(TomlSource source, String section, JsonNode table, List<String> allowed) {
        for (String name : table.propertyNames()) {
            if (!allowed.contains(name)) {
                String hint = ALL.contains(name)
                        ? "this key has no meaning here; it may be one of " + Values.list(allowed)
                        : Values.unknown("key", name, allowed);
                problems.add(source.problem(section + "." + name, hint));
            }
        }
        Values values = new Values(source, problems);
        Section in = new Section(section, table, allowed);
        return new Settings(
                in.read("shutdown", (key, value) -> values.choice(key, value, Settings.Shutdown.class)),
                in.read("method", (key, value) -> values.choice(key, value, Settings.Method.class)),
                in.read("timeout", values::timeout),
                in.read("flush", (key, value) -> values.choice(key, value, Settings.Flush.class)),
                in.read("stop", (key, value) -> values.choice(key, value, Settings.Stop.class)),
                in.read("phases", values::phases));
    }

    /** A table of settings. */
    private record Section(String name, JsonNode table, List<String> allowed) {
        <T> Optional<T> read(String key, BiFunction<String, JsonNode, Optional<T>> reader) {
            JsonNode value = table.get(key);
            return value == null || !allowed.contains(key) ? Optional.empty() : reader.apply(name + "." + key, value);
        }
    }

    /** Reports a driver that is opted in but has no method, probably a misspelled name. */
    private void checkThatThereIsAMethod(String driver, Settings settings) {
        boolean optedIn =
                settings.shutdown().filter(s -> s != Settings.Shutdown.KERNEL).isPresent();
        String key = "driver." + driver;
        Optional<Settings.Method> required =
                Optional.ofNullable(known.required().get(driver));
        if (optedIn && required.isPresent() && settings.method().isEmpty()) {
            report(
                    key,
                    "this driver's drives are left alone without method = \""
                            + required.get().word() + "\"");
        } else if (optedIn && !known.keys().containsKey(driver) && !settings.asksToUnbind()) {
            String hint = Nearest.hint(driver, known.keys().keySet())
                    .map(question -> question + " Or ")
                    .orElse("");
            report(
                    key,
                    "there is no method for this driver: " + hint
                            + "add method = \"unbind\" if its remove() is enough to shut it down");
        }
    }

    /** Reports {@code method = "nvme-registers"} for a driver that does not give up the registers. */
    private void checkThatTheMethodIsForIt(String driver, Settings settings) {
        Settings.Method asked = settings.method().orElse(Settings.Method.AUTO);
        boolean isOfOthers =
                known.required().containsValue(asked) && known.required().get(driver) != asked;
        if (isOfOthers) {
            List<String> drivers = known.required().entrySet().stream()
                    .filter(entry -> entry.getValue() == asked)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            report(
                    "driver." + driver + ".method",
                    "\"" + asked.word() + "\" is not for this driver, but for " + Values.list(drivers));
        }
    }

    private void report(String key, String problem) {
        sources.stream()
                .filter(source -> source.places().containsKey(key))
                .forEach(source -> problems.add(source.problem(key, problem)));
    }
}
