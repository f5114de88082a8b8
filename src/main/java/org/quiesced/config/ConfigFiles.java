// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Finds, reads and merges configuration files. */
public final class ConfigFiles {
    /** The path of the system's configuration. */
    public static final Path SYSTEM = Path.of("/etc/quiesced/quiesced.toml");

    /** The finding that a machine has no configuration file. */
    public static final String MISSING = "there is no configuration file in /etc/quiesced: no driver is opted in";

    /** The remedy for {@link #MISSING}. */
    public static final String RESTORE = "install " + SYSTEM
            + " of the package quiesced again, which \"quiescectl cat-config --machine=cloud-2\" shows";

    private static final String SHIPPED = "quiesced.toml";

    private final KnownDrivers drivers;

    /**
     * Creates a reader.
     *
     * @param drivers the drivers, which determine the keys that the table of a driver may have
     */
    public ConfigFiles(KnownDrivers drivers) {
        this.drivers = drivers;
    }

    /**
     * Reads a file, and then {@code conf.d/*.toml} beside it in the order of their names; later values override earlier
     * ones. Missing files leave the defaults. In {@code conf.d}, hidden files, dangling links and irregular files are
     * ignored, because editors create such files.
     *
     * @throws ConfigException if a file cannot be read or is invalid
     */
    public Config load(Path file) throws ConfigException {
        return load(file, file);
    }

    /**
     * Reads a copy of the configuration.
     *
     * @param original the path of the file that was copied, for messages
     * @throws ConfigException if a file cannot be read or is invalid
     */
    public Config load(Path file, Path original) throws ConfigException {
        List<Path> files = find(file);
        return read(
                files, path -> original.resolveSibling(file.resolveSibling("").relativize(path)));
    }

    /**
     * Returns the existing files, in the order in which {@link #load(Path)} reads them.
     *
     * @throws ConfigException if a directory cannot be read
     */
    public static List<Path> find(Path file) throws ConfigException {
        List<Path> files = new ArrayList<>();
        if (Files.exists(file)) {
            files.add(file);
        }
        Path directory = file.resolveSibling("conf.d");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.toml")) {
                List<Path> more = new ArrayList<>();
                found.forEach(path -> {
                    if (!path.getFileName().toString().startsWith(".") && Files.isRegularFile(path)) {
                        more.add(path);
                    }
                });
                more.sort(Comparator.comparing(path -> path.getFileName().toString()));
                files.addAll(more);
            } catch (IOException e) {
                throw new ConfigException(List.of(new ConfigProblem(directory.toString(), 0, 0, "", reason(e))));
            }
        }
        return files;
    }

    /**
     * Returns the origins of the values that {@link #load(Path)} reads, also of an invalid configuration.
     *
     * @throws ConfigException if a file cannot be read
     */
    public static ConfigOrigins origins(Path file) throws ConfigException {
        return origins(find(file));
    }

    /**
     * Returns the origins of the values of files, read in the given order.
     *
     * @throws ConfigException if a file cannot be read
     */
    public static ConfigOrigins origins(List<Path> files) throws ConfigException {
        List<ConfigOrigins.Text> texts = new ArrayList<>();
        for (Path file : files) {
            try {
                texts.add(new ConfigOrigins.Text(file.toString(), Files.readString(file)));
            } catch (IOException e) {
                throw new ConfigException(List.of(new ConfigProblem(file.toString(), 0, 0, "", reason(e))));
            }
        }
        return ConfigOrigins.of(texts);
    }

    /** Returns the origins of the values of the program's own configuration. */
    public static ConfigOrigins shippedOrigins() {
        return ConfigOrigins.of(List.of(new ConfigOrigins.Text(SHIPPED, shippedText())));
    }

    /**
     * Reads files in the given order.
     *
     * @throws ConfigException if a file cannot be read or is invalid; it has the problems of all files
     */
    public Config read(List<Path> files) throws ConfigException {
        return read(files, path -> path);
    }

    private Config read(List<Path> files, UnaryOperator<Path> name) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        List<TomlSource> sources = new ArrayList<>();
        for (Path file : files) {
            try {
                sources.add(TomlSource.parse(name.apply(file).toString(), Files.readString(file), problems));
            } catch (IOException e) {
                problems.add(new ConfigProblem(name.apply(file).toString(), 0, 0, "", reason(e)));
            }
        }
        return build(sources, problems);
    }

    /**
     * Reads a text as the only file.
     *
     * @param name the name of the file in messages
     * @throws ConfigException if the text is invalid
     */
    public Config parse(String name, String text) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        return build(List.of(TomlSource.parse(name, text, problems)), problems);
    }

    /** Returns the program's own configuration, for machines without one. */
    public Config shipped() {
        try {
            return parse(SHIPPED, shippedText());
        } catch (ConfigException e) {
            throw new IllegalStateException("the shipped configuration is invalid", e);
        }
    }

    private static String shippedText() {
        try (InputStream stream = ConfigFiles.class.getResourceAsStream(SHIPPED)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the shipped configuration cannot be read", e);
        }
    }

    private Config build(List<TomlSource> sources, List<ConfigProblem> problems) throws ConfigException {
        ConfigBuilder builder = new ConfigBuilder(drivers, problems);
        sources.forEach(builder::add);
        Config config = builder.build();
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(ConfigProblem::file)
                    .thenComparingInt(ConfigProblem::line)
                    .thenComparingInt(ConfigProblem::column));
            throw new ConfigException(problems);
        }
        return config;
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        return e instanceof AccessDeniedException ? "Permission denied" : String.valueOf(e.getMessage());
    }
}
