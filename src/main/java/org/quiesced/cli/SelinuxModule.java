// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks whether SELinux enforces a policy without the service's module. Such a policy, for example Debian's, denies
 * the Java runtime memory that is both writable and executable.
 *
 * @param directory selinuxfs
 */
record SelinuxModule(Path directory) {
    /** The mount point of selinuxfs. */
    static final Path SYSTEM = Path.of("/sys/fs/selinux");

    /** The problem if the module is missing. */
    static final String OBSTACLE =
            "SELinux is enforcing, and its policy has no module of quiesced: the service may not be able to start";

    /** The command that loads the module. */
    static final String REMEDY = "/usr/lib/quiesced/bin/selinux load";

    /** A context that only a policy with the module defines; see packaging/selinux/quiesced.cil. */
    private static final String CONTEXT = "system_u:system_r:quiesced_t:s0";

    /** Returns the problem and its remedy; empty if there is none or the check fails. Never throws. */
    Optional<String> knownObstacle() {
        return isNeeded() ? Optional.of(OBSTACLE + "; run " + REMEDY) : Optional.empty();
    }

    /** Returns whether the module has to be loaded. Never throws. */
    boolean isNeeded() {
        return isEnforcing() && isMissing();
    }

    private boolean isEnforcing() {
        try {
            return Files.readString(directory.resolve("enforce")).strip().equals("1");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Writes the context to selinuxfs: the kernel rejects one that the policy does not define (sel_write_context of
     * security/selinux/selinuxfs.c).
     */
    private boolean isMissing() {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("context").toFile(), "rw")) {
            return !accepts(file);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean accepts(RandomAccessFile file) {
        try {
            file.write(CONTEXT.getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("Permission denied");
        }
    }
}
