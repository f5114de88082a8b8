// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelinuxModuleTest {
    @TempDir
    private Path directory;

    private SelinuxModule module;

    @BeforeEach
    void makeModule() {
        module = new SelinuxModule(directory);
    }

    private void enforce(String value) throws IOException {
        Files.writeString(directory.resolve("enforce"), value);
    }

    /** Makes each write fail, as the kernel does for an unknown context. */
    private void refuseContexts() throws IOException {
        Files.createSymbolicLink(directory.resolve("context"), Path.of("/dev/full"));
    }

    @Test
    void enforcedPolicyWithoutTheModuleIsAnObstacle() throws IOException {
        enforce("1");
        refuseContexts();

        assertThat(module.knownObstacle())
                .hasValueSatisfying(words -> assertThat(words)
                        .contains("SELinux is enforcing")
                        .contains("/usr/lib/quiesced/bin/selinux load"));
    }

    @Test
    void policyWithTheModuleIsNoObstacle() throws IOException {
        enforce("1");
        Files.writeString(directory.resolve("context"), "");

        assertThat(module.knownObstacle()).isEmpty();
        assertThat(directory.resolve("context")).content().isEqualTo("system_u:system_r:quiesced_t:s0");
    }

    @Test
    void permissivePolicyIsNoObstacle() throws IOException {
        enforce("0");
        refuseContexts();

        assertThat(module.knownObstacle()).isEmpty();
    }

    @Test
    void disabledSelinuxIsNoObstacle() {
        assertThat(module.knownObstacle()).isEmpty();
    }

    @Test
    void unreadablePolicyIsNoObstacle() throws IOException {
        enforce("1");

        assertThat(new SelinuxModule(directory.resolve("missing")).knownObstacle())
                .isEmpty();
    }
}
