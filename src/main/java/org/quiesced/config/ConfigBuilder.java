// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import tools.jackson.databind.JsonNode;

/** Checks files against the keys and values that there are, and lays them over each other. */
final class ConfigBuilder {
    /** Drivers that we have a method for. */
    private static final Set<String> WITH_METHOD = Set.of("nvme", "sd");

    private static final List<String> TOP =
            List.of("mode", "deadline", "handover", "early", "last_resort", "limit", "group", "driver", "device");
    private static final List<String> COMMON = List.of("shutdown", "method", "timeout", "phases");
    private static final List<String> ALL = List.of("shutdown", "method", "timeout", "flush", "stop", "phases");
    private static final Map<String, List<String>> BY_DRIVER =
            Map.of("nvme", List.of("shutdown", "method", "timeout", "flush", "phases"), "sd", ALL);

    /** What useradd(8) takes, or a number. */
    private static final Pattern GROUP_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}|[0-9]{1,9}");

    private final List<ConfigProblem> problems;
    private final List<TomlSource> sources = new ArrayList<>();
    private final Map<String, Settings> drivers = new LinkedHashMap<>();
    private final Map<String, Settings> devices = new LinkedHashMap<>();
    private Mode mode = Config.DEFAULT.mode();
    private Duration deadline = Config.DEFAULT.deadline();
    private boolean handover = Config.DEFAULT.handover();
    private Early early = Config.DEFAULT.early();
    private Optional<Duration> lastResort = Config.DEFAULT.lastResort();
    private Optional<Duration> limit = Config.DEFAULT.limit();
    private Optional<String> group = Config.DEFAULT.group();

    ConfigBuilder(List<ConfigProblem> problems) {
        this.problems = problems;
    }

    void add(TomlSource source) {
        sources.add(source);
        for (Map.Entry<String, JsonNode> entry : source.values().properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            switch (key) {
                case "mode" -> mode = choice(source, key, value, Mode.class).orElse(mode);
                case "deadline" -> deadline = deadline(source, value).orElse(deadline);
                case "handover" -> handover = flag(source, key, value).orElse(handover);
                case "early" -> early = choice(source, key, value, Early.class).orElse(early);
                case "last_resort" -> lastResort = spanOrOff(source, key, value).orElse(lastResort);
                case "limit" -> limit = spanOrOff(source, key, value).orElse(limit);
                case "group" -> group = group(source, key, value).or(() -> group);
                case "driver", "device" -> sections(source, key, value);
                default -> problems.add(source.problem(key, unknown("key", key, TOP)));
            }
        }
    }

    Config build() {
        drivers.forEach(this::checkThatThereIsAMethod);
        return new Config(mode, deadline, handover, early, lastResort, limit, group, drivers, devices);
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
                Settings settings = settings(source, key, entry.getValue(), BY_DRIVER.getOrDefault(name, COMMON));
                drivers.merge(name, settings, (old, latest) -> latest.orElse(old));
            } else if (isGlob(source, key, name)) {
                Settings settings = settings(source, key, entry.getValue(), ALL);
                devices.merge(name, settings, (old, latest) -> latest.orElse(old));
            }
        }
    }

    private boolean isGlob(TomlSource source, String key, String name) {
        try {
            new Glob(name);
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(source.problem(key, e.getMessage()));
            return false;
        }
    }

    private Settings settings(TomlSource source, String section, JsonNode table, List<String> allowed) {
        for (String name : table.propertyNames()) {
            if (!allowed.contains(name)) {
                String hint = ALL.contains(name)
                        ? "this key has no meaning here; it may be one of " + list(allowed)
                        : unknown("key", name, allowed);
                problems.add(source.problem(section + "." + name, hint));
            }
        }
        Section values = new Section(section, table, allowed);
        return new Settings(
                values.read("shutdown", (key, value) -> choice(source, key, value, Settings.Shutdown.class)),
                values.read("method", (key, value) -> choice(source, key, value, Settings.Method.class)),
                values.read("timeout", (key, value) -> timeout(source, key, value)),
                values.read("flush", (key, value) -> choice(source, key, value, Settings.Flush.class)),
                values.read("stop", (key, value) -> choice(source, key, value, Settings.Stop.class)),
                values.read("phases", (key, value) -> phases(source, key, value)));
    }

    /** A table of settings. */
    private record Section(String name, JsonNode table, List<String> allowed) {
        <T> Optional<T> read(String key, BiFunction<String, JsonNode, Optional<T>> reader) {
            JsonNode value = table.get(key);
            return value == null || !allowed.contains(key) ? Optional.empty() : reader.apply(name + "." + key, value);
        }
    }

    /** One list for all verbs, or a table of lists by verb. */
    private Optional<Phases> phases(TomlSource source, String key, JsonNode value) {
        Map<Verb, Set<Phase>> allowed = new EnumMap<>(Verb.class);
        if (value.isArray()) {
            Set<Phase> phases = phaseList(source, key, value);
            Stream.of(Verb.values()).forEach(verb -> allowed.put(verb, phases));
            return Optional.of(new Phases(allowed));
        }
        if (!value.isObject()) {
            problems.add(source.problem(
                    key,
                    "expected a list of phases such as [\"early\", \"late\"], or a table of such lists by verb, found "
                            + kind(value)));
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String verbKey = key + "." + entry.getKey();
            Optional<Verb> verb = Verb.ofWord(entry.getKey());
            if (verb.isEmpty()) {
                problems.add(
                        source.problem(verbKey, unknown("verb", entry.getKey(), words(Verb.values(), Verb::word))));
            } else if (!entry.getValue().isArray()) {
                problems.add(source.problem(
                        verbKey,
                        "expected a list of phases such as [\"early\", \"late\"], found " + kind(entry.getValue())));
            } else {
                allowed.put(verb.get(), phaseList(source, verbKey, entry.getValue()));
            }
        }
        return Optional.of(new Phases(allowed));
    }

    private Set<Phase> phaseList(TomlSource source, String key, JsonNode list) {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        List<String> valid = words(Phase.values(), Phase::word);
        for (JsonNode entry : list) {
            Optional<Phase> phase = entry.isString() ? Phase.ofWord(entry.asString()) : Optional.empty();
            phase.ifPresentOrElse(
                    phases::add,
                    () -> problems.add(source.problem(
                            key,
                            entry.isString()
                                    ? unknown("phase", entry.asString(), valid)
                                    : "expected one of " + list(valid) + ", found " + kind(entry))));
        }
        return phases;
    }

    private static <E> List<String> words(E[] values, Function<E, String> word) {
        return Stream.of(values).map(word).toList();
    }

    private Optional<Boolean> flag(TomlSource source, String key, JsonNode value) {
        if (!value.isBoolean()) {
            problems.add(source.problem(key, "expected true or false, found " + kind(value)));
            return Optional.empty();
        }
        return Optional.of(value.asBoolean());
    }

    private Optional<String> group(TomlSource source, String key, JsonNode value) {
        if (!value.isString() || !GROUP_NAME.matcher(value.asString()).matches()) {
            problems.add(source.problem(key, "expected the name of a group, found " + kind(value)));
            return Optional.empty();
        }
        return Optional.of(value.asString());
    }

    private Optional<Settings.Timeout> timeout(TomlSource source, String key, JsonNode value) {
        if (value.isString() && value.asString().equals("auto")) {
            return Optional.of(new Settings.Timeout(Optional.empty()));
        }
        Optional<Duration> limit = duration(source, key, value);
        if (limit.isPresent() && limit.get().isZero()) {
            problems.add(source.problem(
                    key, "0 would leave every device to the kernel; write shutdown = \"kernel\" for that"));
            return Optional.empty();
        }
        return limit.map(span -> new Settings.Timeout(Optional.of(span)));
    }

    private Optional<Duration> deadline(TomlSource source, JsonNode value) {
        Optional<Duration> span = duration(source, "deadline", value);
        if (span.isPresent()
                && (span.get().compareTo(Duration.ofSeconds(1)) < 0
                        || span.get().compareTo(Config.LONGEST_DEADLINE) > 0)) {
            problems.add(source.problem(
                    "deadline",
                    "must be from 1s to " + Config.LONGEST_DEADLINE.toSeconds()
                            + "s: systemd kills its shutdown hooks after 90s"));
            return Optional.empty();
        }
        return span;
    }

    /** Returns nothing if the value is wrong, and an empty span for "off". */
    private Optional<Optional<Duration>> spanOrOff(TomlSource source, String key, JsonNode value) {
        if (value.isString() && value.asString().equals("off")) {
            return Optional.of(Optional.empty());
        }
        Optional<Duration> span = duration(source, key, value);
        if (span.isPresent() && span.get().compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add(source.problem(key, "must be at least 1s, or \"off\""));
            return Optional.empty();
        }
        return span.map(Optional::of);
    }

    private Optional<Duration> duration(TomlSource source, String key, JsonNode value) {
        if (!value.isString() && !value.isIntegralNumber()) {
            problems.add(source.problem(key, "expected a time span such as \"80s\", found " + kind(value)));
            return Optional.empty();
        }
        try {
            Duration span = TimeSpan.parse(value.asString());
            if (span.compareTo(Config.LONGEST) > 0) {
                problems.add(source.problem(key, "must not be longer than 1h"));
                return Optional.empty();
            }
            return Optional.of(span);
        } catch (IllegalArgumentException e) {
            problems.add(source.problem(key, e.getMessage()));
            return Optional.empty();
        }
    }

    private <E extends Enum<E>> Optional<E> choice(TomlSource source, String key, JsonNode value, Class<E> type) {
        List<String> words = Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!value.isString()) {
            problems.add(source.problem(key, "expected one of " + list(words) + ", found " + kind(value)));
            return Optional.empty();
        }
        int index = words.indexOf(value.asString());
        if (index < 0) {
            problems.add(source.problem(key, unknown("value", value.asString(), words)));
            return Optional.empty();
        }
        return Optional.of(type.getEnumConstants()[index]);
    }

    /** To opt a driver in for which there is no method has no effect, and is most likely a typing error in its name. */
    private void checkThatThereIsAMethod(String driver, Settings settings) {
        boolean optedIn =
                settings.shutdown().filter(s -> s != Settings.Shutdown.KERNEL).isPresent();
        if (optedIn && !WITH_METHOD.contains(driver) && !settings.asksToUnbind()) {
            String key = "driver." + driver;
            String hint = Nearest.to(driver, WITH_METHOD)
                    .map(near -> "did you mean \"" + near + "\"? Or ")
                    .orElse("");
            sources.stream()
                    .filter(source -> source.places().containsKey(key))
                    .forEach(source -> problems.add(source.problem(
                            key,
                            "there is no method for this driver: " + hint
                                    + "add method = \"unbind\" if its remove() is enough to shut it down")));
        }
    }

    private static String unknown(String what, String found, List<String> valid) {
        return "unknown " + what + " \"" + found + "\": "
                + Nearest.to(found, valid)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("it may be one of " + list(valid));
    }

    private static String list(List<String> words) {
        return words.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", "));
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "a table";
            case ARRAY -> "an array";
            case BOOLEAN -> "the boolean " + value.asString();
            case NUMBER -> "the number " + value.asString();
            default -> "\"" + value.asString() + "\"";
        };
    }
}
