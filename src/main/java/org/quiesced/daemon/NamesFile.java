// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Pools;
import org.quiesced.plan.RootDrives;

/**
 * A file by which a script learns names from the plan, one per line. Where there are none it is missing.
 * {@code root-drives} has the drives that are to go down in an exitrd, for {@code bin/exitrd}; {@code pools} the ZFS
 * pools that are to be exported, for {@code bin/release}.
 */
final class NamesFile {
    private final Path directory;
    private final String name;
    private final Function<Plan, List<String>> names;
    /** What the file says; empty if that is not known. */
    private Optional<List<String>> published = Optional.empty();

    private NamesFile(Path directory, String name, Function<Plan, List<String>> names) {
        this.directory = directory;
        this.name = name;
        this.names = names;
    }

    /** Makes the file of the root drives, in the directory that the daemon and the script see. */
    static NamesFile ofRootDrives(Path directory) {
        return new NamesFile(
                directory,
                "root-drives",
                plan -> RootDrives.of(plan).stream()
                        .map(device -> device.name())
                        .toList());
    }

    /** Makes the file of the pools. */
    static NamesFile ofPools(Path directory) {
        return new NamesFile(directory, "pools", Pools::of);
    }

    /** Writes the names of a plan. Best effort: without the file the script does nothing. */
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
            Path fresh = directory.resolve(name + ".new");
            Files.write(fresh, current);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
