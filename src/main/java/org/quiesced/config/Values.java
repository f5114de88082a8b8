// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.host.SystemManager;
import org.quiesced.kernel.HolderKind;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import tools.jackson.databind.JsonNode;

/**
 * Validates the values of one file. An invalid value is returned as empty, and a problem with its place and the valid
 * values is noted.
 */
final class Values {
    /** The names that useradd(8) accepts, and numbers. */
    private static final Pattern GROUP_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}|[0-9]{1,9}");

    private final TomlSource source;
    private final List<ConfigProblem> problems;

    Values(TomlSource source, List<ConfigProblem> problems) {
        this.source = source;
        this.problems = problems;
    }

    /** Returns the value of {@code phases}: a list for all verbs, or a table of lists by verb. */
    Optional<Phases> phases(String key, JsonNode value) {
        Map<Verb, Set<Phase>> allowed = new EnumMap<>(Verb.class);
        if (value.isArray()) {
            Set<Phase> phases = phaseList(key, value);
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
                allowed.put(verb.get(), phaseList(verbKey, entry.getValue()));
            }
        }
        return Optional.of(new Phases(allowed));
    }

    private Set<Phase> phaseList(String key, JsonNode list) {
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

    /** Returns kinds of holders; empty if the value is not a list or contains an unknown word. */
    Optional<Set<HolderKind>> holders(String key, JsonNode value) {
        List<String> valid = words(HolderKind.values(), HolderKind::word);
        if (!value.isArray()) {
            problems.add(source.problem(key, "expected a list of some of " + list(valid) + ", found " + kind(value)));
            return Optional.empty();
        }
        Set<HolderKind> kinds = EnumSet.noneOf(HolderKind.class);
        boolean known = true;
        for (JsonNode entry : value) {
            Optional<HolderKind> found = entry.isString() ? HolderKind.ofWord(entry.asString()) : Optional.empty();
            if (found.isPresent()) {
                kinds.add(found.get());
            } else {
                known = false;
                problems.add(source.problem(
                        key,
                        entry.isString()
                                ? unknown("holder", entry.asString(), valid)
                                : "expected one of " + list(valid) + ", found " + kind(entry)));
            }
        }
        return known ? Optional.of(kinds) : Optional.empty();
    }

    private static <E> List<String> words(E[] values, Function<E, String> word) {
        return Stream.of(values).map(word).toList();
    }

    /** Returns a boolean; an empty inner value for "auto". */
    Optional<Optional<Boolean>> flagOrAuto(String key, JsonNode value) {
        if (value.isString() && value.asString().equals("auto")) {
            return Optional.of(Optional.empty());
        }
        if (!value.isBoolean()) {
            problems.add(source.problem(key, "expected true, false or \"auto\", found " + kind(value)));
            return Optional.empty();
        }
        return Optional.of(Optional.of(value.asBoolean()));
    }

    Optional<String> group(String key, JsonNode value) {
        if (!value.isString() || !GROUP_NAME.matcher(value.asString()).matches()) {
            problems.add(source.problem(key, "expected the name of a group, found " + kind(value)));
            return Optional.empty();
        }
        return Optional.of(value.asString());
    }

    /** Returns the absolute path of a file. */
    Optional<Path> file(String key, JsonNode value) {
        Optional<Path> path = value.isString() ? path(value.asString()) : Optional.empty();
        if (path.filter(Path::isAbsolute)
                .filter(file -> file.getNameCount() > 0)
                .isEmpty()) {
            problems.add(source.problem(key, "expected the absolute path of a file, found " + kind(value)));
            return Optional.empty();
        }
        return path.map(Path::normalize);
    }

    private static Optional<Path> path(String text) {
        try {
            return text.endsWith("/") ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    Optional<Settings.Timeout> timeout(String key, JsonNode value) {
        if (value.isString() && value.asString().equals("auto")) {
            return Optional.of(new Settings.Timeout(Optional.empty()));
        }
        Optional<Duration> limit = duration(key, value);
        if (limit.isPresent() && limit.get().isZero()) {
            problems.add(source.problem(
                    key, "0 would leave every device to the kernel; write shutdown = \"kernel\" for that"));
            return Optional.empty();
        }
        return limit.map(span -> new Settings.Timeout(Optional.of(span)));
    }

    Optional<Duration> deadline(JsonNode value) {
        Optional<Duration> span = duration("deadline", value);
        if (span.isPresent()
                && (span.get().compareTo(Config.SHORTEST) < 0 || span.get().compareTo(Config.LONGEST_DEADLINE) > 0)) {
            problems.add(source.problem(
                    "deadline",
                    "must be from " + Config.SHORTEST.toSeconds() + "s to " + Config.LONGEST_DEADLINE.toSeconds()
                            + "s: systemd kills its shutdown hooks after " + SystemManager.DEFAULT_TIMEOUT.toSeconds()
                            + "s"));
            return Optional.empty();
        }
        return span;
    }

    /** Returns a time span; an empty inner value for "off". */
    Optional<Optional<Duration>> spanOrOff(String key, JsonNode value) {
        if (value.isString() && value.asString().equals("off")) {
            return Optional.of(Optional.empty());
        }
        Optional<Duration> span = duration(key, value);
        if (span.isPresent() && span.get().compareTo(Config.SHORTEST) < 0) {
            problems.add(source.problem(key, "must be at least " + Config.SHORTEST.toSeconds() + "s, or \"off\""));
            return Optional.empty();
        }
        return span.map(Optional::of);
    }

    Optional<Duration> duration(String key, JsonNode value) {
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
            problems.add(source.problem(key, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    <E extends Enum<E>> Optional<E> choice(String key, JsonNode value, Class<E> type) {
        List<String> words =
                Stream.of(type.getEnumConstants()).map(Values::word).toList();
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

    /** Returns the configuration's word for a value. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String unknown(String what, String found, List<String> valid) {
        return "unknown " + what + " \"" + found + "\": "
                + Nearest.hint(found, valid).orElse("it may be one of " + list(valid));
    }

    static String list(List<String> words) {
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
