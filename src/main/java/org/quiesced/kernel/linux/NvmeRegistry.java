// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.kernel.Attributes;
import org.quiesced.linux.PseudoFile;

/**
 * The registry of nvme-cli 3, which stores the owners of controllers of NVMe over fabrics: a directory per controller,
 * with its name, that contains a file {@code owner} of one line ({@code libnvme/src/nvme/registry.c}).
 */
final class NvmeRegistry {
    /** The owner if its name cannot be read. */
    private static final String UNKNOWN = "an unknown owner";

    private final Path directory;

    private NvmeRegistry(Path directory) {
        this.directory = directory;
    }

    /** Returns the registry in {@code run}, beside the directory {@code sys}, which is sysfs or a copy of it. */
    static NvmeRegistry beside(Path sys) {
        return new NvmeRegistry(sys.resolveSibling("run").resolve("nvme/registry"));
    }

    /** Returns whether the registry provides the attribute with a name. */
    static boolean answers(String attribute) {
        return attribute.equals(Attributes.OWNER);
    }

    /**
     * Returns the owner of a controller; empty if it has none. An entry that cannot be read counts as an owner; so does
     * a file in place of the registry, which {@code bin/enter} creates if the daemon cannot access the registry.
     */
    Optional<String> ownerOf(String controller) {
        Path owner = directory.resolve(controller).resolve("owner");
        if (!Files.isRegularFile(directory) && Files.notExists(owner)) {
            return Optional.empty();
        }
        return PseudoFile.read(owner.toString())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .or(() -> Optional.of(UNKNOWN));
    }
}
