// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path means what it means to the machine's first process. */
class HostPathsTest {
    @TempDir
    private Path directory;

    private Path host;
    private HostPaths paths;

    @BeforeEach
    void makeHost() throws IOException {
        host = Files.createDirectories(directory.resolve("host"));
        Files.createDirectories(host.resolve("srv/images"));
        Files.writeString(host.resolve("srv/images/disk"), "");
        Files.createDirectories(directory.resolve("proc/1"));
        Files.createSymbolicLink(directory.resolve("proc/1/root"), host);
        paths = HostPaths.of(directory.resolve("proc").toString());
    }

    @Test
    void anAbsoluteLinkLeadsOnFromTheFirstProcessesRoot() throws IOException {
        Files.createSymbolicLink(host.resolve("link"), Path.of("/srv/images/../images/disk"));
        Files.createSymbolicLink(host.resolve("srv/link"), Path.of("../link"));
        Files.createSymbolicLink(host.resolve("out"), Path.of("../../../../../link"));

        assertThat(paths.exists("/link")).isTrue();
        assertThat(paths.exists("/srv/link")).isTrue();
        assertThat(paths.exists("/out")).as("there is nothing above the root").isTrue();
        assertThat(paths.exists("/srv/other")).isFalse();
    }

    @Test
    void linksInACircleLeadNowhere() throws IOException {
        Files.createSymbolicLink(host.resolve("a"), Path.of("/b"));
        Files.createSymbolicLink(host.resolve("b"), Path.of("a"));

        assertThat(paths.exists("/a")).isFalse();
    }

    @Test
    void aRegularFileIsNoNode() {
        assertThat(paths.nodeAt("/srv/images/disk")).isEmpty();
    }

    @Test
    void withoutAFirstProcessToSeePathsAreOurOwn() throws IOException {
        HostPaths own = HostPaths.of(directory.resolve("nowhere").toString());
        Path link = Files.createSymbolicLink(directory.resolve("by-id"), Path.of("/dev/full"));

        assertThat(own.nodeAt(link.toString())).contains(new Node(false, 1, 7));
    }
}
