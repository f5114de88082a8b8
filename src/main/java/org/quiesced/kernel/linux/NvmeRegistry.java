// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.kernel.Attributes;
import org.quiesced.linux.PseudoFile;

/**
 * The registry of nvme-cli 3, which says to whom a controller of NVMe over fabrics belongs: a directory for each
 * controller, named as the controller is, with a file {@code owner} of one line ({@code libnvme/src/nvme/registry.c}).
 */
final class NvmeRegistry {
    /** What stands for an owner that cannot be read. */
    private static final String UNKNOWN = "somebody whose name cannot be read";

    private final Path directory;

    private NvmeRegistry(Path directory) {
        this.directory = directory;
    }

    /** Returns the registry in {@code run}, beside a directory in which sysfs is mounted, or a copy of it. */
    static NvmeRegistry beside(Path sys) {
        return new NvmeRegistry(sys.resolveSibling("run").resolve("nvme/registry"));
    }

    /** Returns whether a name of an attribute stands for what the registry says. */
    static boolean answers(String attribute) {
        return attribute.equals(Attributes.OWNER);
    }

    /**
     * Returns the owner of a controller; empty if it has none. An entry that cannot be read counts as an owner, and so
     * does a file in place of the registry, which {@code bin/enter} leaves where the daemon cannot see it.
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
