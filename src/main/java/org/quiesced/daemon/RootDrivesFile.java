// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.quiesced.plan.Plan;
import org.quiesced.plan.RootDrives;

/**
 * The file {@code root-drives}, by which {@code bin/exitrd} learns the names of the drives that are to go down in an
 * exitrd, one per line. Where there are none it is missing, and no exitrd is made.
 */
final class RootDrivesFile {
    private final Path directory;
    /** What the file says; empty if that is not known. */
    private Optional<List<String>> published = Optional.empty();

    /** Makes it for the directory that both see. */
    RootDrivesFile(Path directory) {
        this.directory = directory;
    }

    /** Names the root drives of a plan. Best effort: without the file no exitrd is made. */
    void publish(Plan seen) {
        List<String> names =
                RootDrives.of(seen).stream().map(device -> device.name()).toList();
        if (published.equals(Optional.of(names))) {
            return;
        }
        try {
            write(names);
            published = Optional.of(names);
        } catch (IOException e) {
            published = Optional.empty();
        }
    }

    private void write(List<String> names) throws IOException {
        Path file = directory.resolve("root-drives");
        if (names.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            Path fresh = directory.resolve("root-drives.new");
            Files.write(fresh, names);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
