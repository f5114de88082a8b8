// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.quiesced.history.AtomicFile;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Pools;
import org.quiesced.plan.RootDrives;

/**
 * A file with names from the plan for a script, one per line; it does not exist if there are none. {@code root-drives}
 * lists the drives to be shut down in an exitrd, for {@code bin/exitrd}; {@code pools} lists the ZFS pools to be
 * exported, for {@code bin/release}.
 */
final class NamesFile {
    private final Path directory;
    private final String name;
    private final Function<Plan, List<String>> names;
    /** The content of the file; empty if unknown. */
    private Optional<List<String>> published = Optional.empty();

    private NamesFile(Path directory, String name, Function<Plan, List<String>> names) {
        this.directory = directory;
        this.name = name;
        this.names = names;
    }

    /**
     * Returns the file of the root drives.
     *
     * @param directory the directory that the daemon and the script share
     */
    static NamesFile ofRootDrives(Path directory) {
        return new NamesFile(
                directory,
                "root-drives",
                plan -> RootDrives.of(plan).stream()
                        .map(device -> device.name())
                        .toList());
    }

    /** Returns the file of the pools, in the same directory. */
    static NamesFile ofPools(Path directory) {
        return new NamesFile(directory, "pools", Pools::of);
    }

    /** Writes the names of a plan, if they have changed. Best effort: without the file the script does nothing. */
    void publish(Plan seen) {
        List<String> current = names.apply(seen);
        if (published.equals(Optional.of(current))) {
            return;
        }
        try {
            write(current);
            published = Optional.of(current);
        } catch (IOException e) {
            published = Optional.empty();
        }
    }

    private void write(List<String> current) throws IOException {
        Path file = directory.resolve(name);
        if (current.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            AtomicFile.write(file, (String.join("\n", current) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
