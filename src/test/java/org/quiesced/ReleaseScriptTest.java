// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pools are exported only at a shutdown and without force, and the cache file by which the next boot imports them is
 * preserved.
 */
class ReleaseScriptTest {
    private static final long AGES = 60;

    /** Like zpool(8): an export removes the pool from the cache file, and a busy pool is refused. */
    private static final String ZPOOL = """
            echo "$*" >>DIR/zpool
            for pool; do :; done
            case $1 in
                get)
                    [ ! -e DIR/silent ] || { trap '' TERM; while [ -e DIR/silent ]; do sleep 0.1; done; }
                    cat DIR/cachefile 2>/dev/null || echo -
                    cat DIR/altroot 2>/dev/null || echo -
                    cat DIR/readonly 2>/dev/null || echo off
                    ;;
                export)
                    [ ! -e DIR/busy ] || { echo "cannot export '$pool': pool is busy" >&2; exit 1; }
                    [ ! -e DIR/hangs ] || { trap '' TERM; while [ -e DIR/hangs ]; do sleep 0.1; done; }
                    cache=DIR/etc/zfs/zpool.cache
                    [ ! -e DIR/cachefile ] || cache=$(cat DIR/cachefile)
                    [ "$cache" = none ] || echo "without $pool" >$cache
                    rmdir DIR/proc/spl/kstat/zfs/$pool
                    ;;
                import) mkdir -p "DIR/proc/spl/kstat/zfs/$pool" ;;
            esac
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void anIdlePool() throws IOException {
        program("zpool", ZPOOL);
        program("early", "cat DIR/verb 2>/dev/null");
        Files.createDirectories(directory.resolve("run/quiesced"));
        Files.createDirectories(directory.resolve("etc/zfs"));
        Files.createDirectories(directory.resolve("proc/spl/kstat/zfs/tank"));
        Files.writeString(directory.resolve("run/quiesced/pools"), "tank\n");
        Files.writeString(directory.resolve("etc/zfs/zpool.cache"), "with tank\n");
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(directory.resolve("proc/self/mountinfo"), "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        Files.writeString(directory.resolve("verb"), "reboot\n");
    }

    private void program(String name, String text) throws IOException {
        Programs.write(directory.resolve("bin").resolve(name), text.replace("DIR", directory.toString()));
    }

    /** Runs the script; returns its standard output and error. */
    private String run(String... arguments) throws IOException, InterruptedException {
        Path script = directory.resolve("bin/release");
        Files.writeString(
                script,
                Script.of("packaging/bin/release", directory)
                        .with("limit", "2")
                        .with("patience", "1")
                        .text());
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(Stream.of("sh", script.toString()), Stream.of(arguments))
                        .toList());
        builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
        return Programs.output(builder.redirectErrorStream(true));
    }

    private String cache() throws IOException {
        return Files.readString(directory.resolve("etc/zfs/zpool.cache"));
    }

    private List<String> zpool() throws IOException {
        Path asked = directory.resolve("zpool");
        return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void idlePoolIsExportedAndItsCacheFileIsUnchanged() throws IOException, InterruptedException {
        assertThat(run()).isEqualTo("the ZFS pool tank is exported\n");

        assertThat(files("proc/spl/kstat/zfs")).isEmpty();
        assertThat(cache()).isEqualTo("with tank\n");
        assertThat(files("etc/zfs")).containsExactly("zpool.cache");
        assertThat(zpool()).last().as("never by force").isEqualTo("export -- tank");
    }

    @Test
    void poolIsNotExportedOnARunningSystem() throws IOException, InterruptedException {
        Files.delete(directory.resolve("verb"));

        assertThat(run()).isEqualTo("the system is not shutting down; nothing is done\n");
        assertThat(zpool()).isEmpty();
    }

    @Test
    void onlyPoolsNamedByTheDaemonAreExported() throws IOException, InterruptedException {
        Files.delete(directory.resolve("run/quiesced/pools"));

        assertThat(run()).isEmpty();
        assertThat(zpool()).isEmpty();
    }

    @Test
    void poolWithAMountedDatasetIsNotExported() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(
                directory.resolve("proc/self/mountinfo"), "36 35 0:42 / /tank rw shared:1 - zfs tank/data rw\n");

        assertThat(run()).isEqualTo("the ZFS pool tank is in use: a file system of it is mounted\n");
        assertThat(zpool()).noneMatch(call -> call.startsWith("export"));
    }

    @Test
    void busyPoolStaysImported() throws IOException, InterruptedException {
        Files.createFile(directory.resolve("busy"));

        assertThat(run()).isEqualTo("the ZFS pool tank stays imported: cannot export 'tank': pool is busy\n");
        assertThat(files("proc/spl/kstat/zfs")).containsExactly("tank");
        assertThat(cache()).isEqualTo("with tank\n");
        assertThat(files("etc/zfs")).containsExactly("zpool.cache");
    }

    @Test
    void nextBootRestoresTheCacheFileAfterAHungExport() throws IOException, InterruptedException {
        Files.createFile(directory.resolve("hangs"));

        assertThat(run()).isEqualTo("a ZFS pool is still being exported after 2 s; its drives are the kernel's\n");
        assertThat(files("etc/zfs")).containsExactly("zpool.cache", "zpool.cache.quiesced-kept");

        Files.delete(directory.resolve("hangs"));
        for (int i = 0; i < AGES && !cache().startsWith("without"); i++) {
            Thread.sleep(100);
        }
        Files.deleteIfExists(directory.resolve("run/quiesced/exported"));
        run("restore");
        assertThat(cache()).isEqualTo("with tank\n");
        assertThat(files("etc/zfs")).containsExactly("zpool.cache");
    }

    @Test
    void poolWithoutACacheFileIsExported() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("cachefile"), "none\n");

        assertThat(run()).isEqualTo("the ZFS pool tank is exported\n");
        assertThat(cache()).isEqualTo("with tank\n");
        assertThat(run("restore")).contains("imported again");
        assertThat(zpool()).last().isEqualTo("import -N -o cachefile=none -- tank");
    }

    @Test
    void separateCacheFileIsUnchanged() throws IOException, InterruptedException {
        Path own = Files.writeString(directory.resolve("own.cache"), "own with tank\n");
        Files.writeString(directory.resolve("cachefile"), own + "\n");
        Files.writeString(directory.resolve("own.cache.quiesced-kept"), "left by an export that hung\n");

        assertThat(run()).isEqualTo("the ZFS pool tank is exported\n");
        assertThat(own).content().isEqualTo("own with tank\n");
        assertThat(directory.resolve("own.cache.quiesced-kept")).doesNotExist();
    }

    @Test
    void cacheFileThatIsALinkStaysALink() throws IOException, InterruptedException {
        Path target = Files.move(directory.resolve("etc/zfs/zpool.cache"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve("etc/zfs/zpool.cache"), target);

        assertThat(run()).isEqualTo("the ZFS pool tank is exported\n");
        assertThat(directory.resolve("etc/zfs/zpool.cache")).isSymbolicLink();
        assertThat(cache()).isEqualTo("with tank\n");
    }

    @Test
    void poolWithAMountedSnapshotIsNotExported() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(directory.resolve("proc/self/mountinfo"), "36 35 0:42 / /mnt ro - zfs tank@monday ro\n");

        assertThat(run()).isEqualTo("the ZFS pool tank is in use: a file system of it is mounted\n");
        assertThat(files("proc/spl/kstat/zfs")).containsExactly("tank");
    }

    @Test
    void mountOfAPoolWithALongerNameIsNoUser() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(directory.resolve("proc/self/mountinfo"), "36 35 0:42 / /mnt ro - zfs tanker/data ro\n");

        assertThat(run()).isEqualTo("the ZFS pool tank is exported\n");
    }

    @Test
    void poolImportedReadOnlyOrWithAnAlternateRootIsNotExported() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("altroot"), "/mnt\n");
        assertThat(run()).contains("stays as it is");

        Files.delete(directory.resolve("altroot"));
        Files.writeString(directory.resolve("readonly"), "on\n");
        assertThat(run()).contains("stays as it is");
        assertThat(files("proc/spl/kstat/zfs")).containsExactly("tank");
    }

    @Test
    void poolThatDoesNotAnswerIsNotExported() throws IOException, InterruptedException {
        Files.createFile(directory.resolve("silent"));

        assertThat(run()).isEqualTo("the ZFS pool tank does not answer; it stays as it is\n");
        assertThat(zpool()).noneMatch(call -> call.startsWith("export"));
        assertThat(files("etc/zfs")).containsExactly("zpool.cache");
        Files.delete(directory.resolve("silent"));
    }

    @Test
    void poolIsImportedAgainAfterACancelledShutdown() throws IOException, InterruptedException {
        run();

        assertThat(run("restore")).isEqualTo("the ZFS pool tank is imported again; its file systems are not mounted\n");
        assertThat(files("proc/spl/kstat/zfs")).containsExactly("tank");
        assertThat(files("run/quiesced")).doesNotContain("exported");
    }
}
