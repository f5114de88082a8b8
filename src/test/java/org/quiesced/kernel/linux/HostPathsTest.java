// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths are resolved as by the machine's first process. */
class HostPathsTest {
    @TempDir
    private Path directory;

    private Path host;
    private HostPaths paths;

    @BeforeEach
    void makeHost() throws IOException {
        host = Files.createDirectories(directory.resolve("host"));
        Files.createDirectories(host.resolve("dev/disk"));
        Files.writeString(host.resolve("dev/disk/one"), "");
        Files.createDirectories(directory.resolve("proc/1"));
        Files.createSymbolicLink(directory.resolve("proc/1/root"), host);
        paths = HostPaths.of(directory.resolve("proc").toString());
    }

    @Test
    void absoluteLinkIsResolvedAgainstTheRootOfTheFirstProcess() throws IOException {
        Files.createSymbolicLink(host.resolve("dev/link"), Path.of("/dev/disk/../disk/one"));
        Files.createSymbolicLink(host.resolve("dev/disk/link"), Path.of("../link"));
        Files.createSymbolicLink(host.resolve("dev/out"), Path.of("../../../../../dev/link"));
        Files.createSymbolicLink(host.resolve("dev/gone"), Path.of("/dev/disk/gone"));

        assertThat(paths.isMissing("/dev/link")).isFalse();
        assertThat(paths.isMissing("/dev/disk/link")).isFalse();
        assertThat(paths.isMissing("/dev/out"))
                .as("there is nothing above the root")
                .isFalse();
        assertThat(paths.isMissing("/dev/disk/other")).isTrue();
        assertThat(paths.isMissing("/dev/gone")).isTrue();
    }

    @Test
    void cyclicLinksLeadNowhere() throws IOException {
        Files.createSymbolicLink(host.resolve("dev/a"), Path.of("/dev/b"));
        Files.createSymbolicLink(host.resolve("dev/b"), Path.of("a"));

        assertThat(paths.isMissing("/dev/a")).isTrue();
    }

    @Test
    void regularFileIsNoNode() {
        assertThat(paths.nodeAt("/dev/disk/one")).isEmpty();
    }

    /** Resolving such a path could block. */
    @Test
    void pathOutsideOfDevIsNotResolved() throws IOException {
        HostPaths own = HostPaths.of(directory.resolve("nowhere").toString());
        Path link = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));
        Files.createSymbolicLink(host.resolve("dev/away"), Path.of("/srv/gone"));

        assertThat(own.nodeAt(link.toString())).isEmpty();
        assertThat(own.nodeAt("/dev/.." + link)).isEmpty();
        assertThat(own.isMissing("/srv/gone")).isFalse();
        assertThat(paths.isMissing("/dev/away")).isFalse();
    }

    @Test
    void ownRootCountsWhenTheFirstProcessIsInvisible() {
        HostPaths own = HostPaths.of(directory.resolve("nowhere").toString());

        assertThat(own.nodeAt("/dev/full")).contains(new Node(false, 1, 7));
    }
}
