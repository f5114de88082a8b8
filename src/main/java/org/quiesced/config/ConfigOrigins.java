// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Printable;
import tools.jackson.databind.JsonNode;

/**
 * The files of a configuration, valid or not, and the origins of its values.
 *
 * @param files the files, in the order in which they are read
 * @param values the values in force: those outside of tables, those of drivers, and those of devices, in the order in
 *     which they apply
 */
public record ConfigOrigins(List<Text> files, List<Value> values) {
    /** The tables that contain values. */
    private static final List<String> TABLES = List.of("driver", "device");

    /** The default values. */
    private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

    static {
        DEFAULTS.put("mode", quoted(Config.DEFAULT.mode().word()));
        DEFAULTS.put("deadline", quoted(Config.DEFAULT_DEADLINE.toSeconds() + "s"));
        DEFAULTS.put("handover", quoted("auto"));
        DEFAULTS.put("early", quoted(Values.word(Config.DEFAULT.early())));
        DEFAULTS.put("root", quoted(Values.word(Config.DEFAULT.root())));
        DEFAULTS.put("last_resort", quoted(Config.DEFAULT_LAST_RESORT.toSeconds() + "s"));
        DEFAULTS.put("limit", quoted("off"));
    }

    /**
     * A file.
     *
     * @param file its path
     * @param text its content
     */
    public record Text(String file, String text) {}

    /**
     * The place of a value.
     *
     * @param line from 1
     * @param value the value at this place, in TOML
     */
    public record Place(String file, int line, String value) {
        /** Returns for example {@code /etc/quiesced/quiesced.toml:12}. */
        public String where() {
            return file + ":" + line;
        }
    }

    /**
     * A value in force.
     *
     * @param table {@code driver}, {@code device}, or empty
     * @param name the driver's name, or a glob for devices; empty outside of tables
     * @param value the value, in TOML
     * @param place its place; empty for a default
     * @param overridden the places of values without effect, in the order of the files
     */
    public record Value(
            String table, String name, String key, String value, Optional<Place> place, List<Place> overridden) {
        /** Copies the list. */
        public Value {
            overridden = List.copyOf(overridden);
        }

        /** Returns the value as a line with its table, for example {@code [driver.nvme] stop = "auto"}. */
        public String describe() {
            return (table.isEmpty() ? "" : header() + " ") + key + " = " + value;
        }

        /** Returns the header of the table. */
        public String header() {
            return "[" + table + "." + (name.matches("[A-Za-z0-9_-]+") && table.equals("driver") ? name : quoted(name))
                    + "]";
        }

        /** Returns the place, or {@code default}. */
        public String where() {
            return place.map(Place::where).orElse("default");
        }
    }

    /** Copies the lists. */
    public ConfigOrigins {
        files = List.copyOf(files);
        values = List.copyOf(values);
    }

    private record Table(String kind, String name) {}

    /** Returns the origins of the values of files, of which later ones override earlier ones. */
    static ConfigOrigins of(List<Text> files) {
        Map<Table, Map<String, List<Place>>> places = new LinkedHashMap<>();
        for (Text file : files) {
            TomlSource source = TomlSource.parse(file.file(), file.text(), new ArrayList<>());
            for (Map.Entry<String, JsonNode> entry : source.values().properties()) {
                boolean isTable =
                        TABLES.contains(entry.getKey()) && entry.getValue().isObject();
                if (!isTable) {
                    note(places, new Table("", ""), source, entry.getKey(), entry);
                    continue;
                }
                for (Map.Entry<String, JsonNode> table : entry.getValue().properties()) {
                    Table owner = new Table(entry.getKey(), table.getKey());
                    String prefix = entry.getKey() + "." + table.getKey() + ".";
                    places.computeIfAbsent(owner, key -> new LinkedHashMap<>());
                    table.getValue()
                            .properties()
                            .forEach(value -> note(places, owner, source, prefix + value.getKey(), value));
                }
            }
        }
        return new ConfigOrigins(files, values(places));
    }

    private static void note(
            Map<Table, Map<String, List<Place>>> places,
            Table table,
            TomlSource source,
            String dotted,
            Map.Entry<String, JsonNode> entry) {
        int line =
                source.places().getOrDefault(dotted, new TomlKeys.Place(0, 0)).line();
        places.computeIfAbsent(table, key -> new LinkedHashMap<>())
                .computeIfAbsent(entry.getKey(), key -> new ArrayList<>())
                .add(new Place(source.file(), line, toml(entry.getValue())));
    }

    private static List<Value> values(Map<Table, Map<String, List<Place>>> places) {
        List<Value> values = new ArrayList<>();
        Map<String, List<Place>> top = new LinkedHashMap<>();
        DEFAULTS.keySet().forEach(key -> top.put(key, List.of()));
        top.putAll(places.getOrDefault(new Table("", ""), Map.of()));
        top.forEach((key, all) -> values.add(value(new Table("", ""), key, all)));
        for (String kind : TABLES) {
            places.forEach((table, keys) -> {
                if (table.kind().equals(kind)) {
                    keys.forEach((key, all) -> values.add(value(table, key, all)));
                }
            });
        }
        return values;
    }

    private static Value value(Table table, String key, List<Place> all) {
        Optional<Place> last = all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
        return new Value(
                table.kind(),
                table.name(),
                key,
                last.map(Place::value).orElse(DEFAULTS.getOrDefault(key, "")),
                last,
                all.isEmpty() ? List.of() : all.subList(0, all.size() - 1));
    }

    /** Returns the value of a key outside of tables; empty if it is unset and has no default. */
    public Optional<Value> top(String key) {
        return values.stream()
                .filter(value -> value.table().isEmpty() && value.key().equals(key))
                .findFirst();
    }

    /**
     * Returns the value of a key for a device, by the rules of {@link Config#settingsFor}.
     *
     * @param names the names of the device
     */
    public Optional<Value> deciding(String key, String driver, Collection<String> names) {
        return values.stream()
                .filter(value -> value.key().equals(key) && isFor(value, driver, names))
                .reduce((first, second) -> second);
    }

    private static boolean isFor(Value value, String driver, Collection<String> names) {
        if (value.table().equals("driver")) {
            return value.name().equals(driver);
        }
        if (!value.table().equals("device")) {
            return false;
        }
        try {
            return names.stream().anyMatch(new Glob(value.name())::matches);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String toml(JsonNode value) {
        if (value.isArray()) {
            return "["
                    + String.join(
                            ", ", value.valueStream().map(ConfigOrigins::toml).toList()) + "]";
        }
        return value.isObject()
                ? "{ "
                        + String.join(
                                ", ",
                                value.properties().stream()
                                        .map(entry -> entry.getKey() + " = " + toml(entry.getValue()))
                                        .toList())
                        + " }"
                : value.isString() ? quoted(value.asString()) : value.asString();
    }

    private static String quoted(String text) {
        return "\"" + Printable.of(text.replace("\\", "\\\\").replace("\"", "\\\"")) + "\"";
    }
}
