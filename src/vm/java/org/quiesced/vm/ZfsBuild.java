// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** OpenZFS for a kernel of the guest, compiled once and kept in the user's cache. */
final class ZfsBuild {
    private ZfsBuild() {}

    /**
     * Returns the archive with the modules and programs, to be unpacked over the guest's root file system. Builds it
     * first if it is not in the cache; that takes ten minutes or more.
     *
     * @throws IOException if the build fails
     */
    static Path of(String suite, String kernel) throws IOException, InterruptedException {
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("quiesced/zfs-" + suite + "-" + kernel);
        Path archive = cache.resolve("zfs.tar");
        if (!Files.exists(archive)) {
            System.out.println("Building OpenZFS for Linux " + kernel + ", once; this takes ten minutes or more ...");
            Files.createDirectories(cache);
            Commands.run(cache.resolve("build.log"), List.of("src/vm/zfs/build-zfs", suite, kernel, cache.toString()));
        }
        return archive;
    }
}
