// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.quiesced.plan.Plan;
import org.quiesced.plan.RootDrives;

/**
 * The file {@code root-drives}, by which {@code bin/exitrd} learns the names of the drives that are to go down in an
 * exitrd, one per line. Where there are none it is missing, and no exitrd is made.
 */
final class RootDrivesFile {
    private final Path directory;
    private List<String> published = List.of();

    /** Makes it for the directory that both see. */
    RootDrivesFile(Path directory) {
        this.directory = directory;
    }

    /** Names the root drives of a plan. Best effort: without the file no exitrd is made. */
    void publish(Plan seen) {
        List<String> names =
                RootDrives.of(seen).stream().map(device -> device.name()).toList();
        Path file = directory.resolve("root-drives");
        try {
            if (names.isEmpty()) {
                Files.deleteIfExists(file);
            } else if (!names.equals(published)) {
                Path fresh = directory.resolve("root-drives.new");
                Files.write(fresh, names);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            published = names;
        } catch (IOException e) {
            published = List.of();
        }
    }
}
