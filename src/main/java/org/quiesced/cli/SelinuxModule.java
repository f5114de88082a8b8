// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether SELinux is enforcing a policy without the service's module. Without it a policy as that of Debian denies the
 * Java runtime memory that is writable and executable.
 *
 * @param directory selinuxfs
 */
record SelinuxModule(Path directory) {
    /** Where the kernel has it. */
    static final Path SYSTEM = Path.of("/sys/fs/selinux");

    /** What is wrong without the module. */
    static final String OBSTACLE =
            "SELinux is enforcing, and its policy has no module of quiesced: the service may not be able to start";

    /** The command that loads the module. */
    static final String REMEDY = "/usr/lib/quiesced/bin/selinux load";

    /** What the policy knows if it has the module; see packaging/selinux/quiesced.cil. */
    private static final String CONTEXT = "system_u:system_r:quiesced_t:s0";

    /** Returns what is wrong and what to do, or nothing if all is well or that cannot be found out; never throws. */
    Optional<String> knownObstacle() {
        return isNeeded() ? Optional.of(OBSTACLE + "; run " + REMEDY) : Optional.empty();
    }

    /** Returns whether the module has to be loaded; never throws. */
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

    /** The kernel refuses a context that is none of the policy (sel_write_context of security/selinux/selinuxfs.c). */
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
