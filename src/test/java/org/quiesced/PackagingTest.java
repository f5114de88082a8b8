// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requirements of the packages. */
class PackagingTest {
    private static final String UNIT = "[a-z-]+\\.(?:service|mount)";

    private static final Path POSTINST = Path.of("packaging/debian/postinst");
    private static final Path PRERM = Path.of("packaging/debian/prerm");
    private static final Path POSTRM = Path.of("packaging/debian/postrm");
    private static final Path SPEC = Path.of("packaging/redhat/quiesced.spec");

    @TempDir
    private Path directory;

    /** Diagnostic options differ between versions of Java, and the service must start with each of them. */
    @Test
    void runtimeIgnoresUnknownOptions() throws IOException {
        List<String> options = Files.readAllLines(Path.of("packaging/quiesced.options"));

        assertThat(options).containsSubsequence("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockDiagnosticVMOptions");
    }

    /** Returns the version of the C library as the scripts of both packages determine it. */
    private String libc() throws IOException, InterruptedException {
        return Programs.output(
                        new ProcessBuilder("sh", "-c", ". packaging/release; libc_of \"$0\"", directory.toString())
                                .redirectError(ProcessBuilder.Redirect.INHERIT))
                .strip();
    }

    @Test
    void requiredVersionOfTheCLibraryIsThatOfTheNewestSymbol() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("liba.so"), "\0GLIBC_2.4\0GLIBC_2.34\0");
        Files.writeString(Files.createDirectories(directory.resolve("bin")).resolve("java"), "\0GLIBC_2.9\0");
        Files.writeString(directory.resolve("text"), "GLIBC_2.99");

        assertThat(libc()).isEqualTo("2.34");
    }

    @Test
    void bothPackagesRequireTheVersionOfTheCLibrary() throws IOException {
        assertThat(Files.readString(Path.of("packaging/debian/control"))).contains("libc6 (>= @LIBC@)");
        assertThat(Files.readString(Path.of("packaging/redhat/quiesced.spec"))).contains("glibc >= @LIBC@\n");
        for (String script : new String[] {"packaging/deb", "packaging/rpm"}) {
            assertThat(Files.readString(Path.of(script))).as(script).contains("s|@LIBC@|$(libc_of \"$stage\")|");
        }
    }

    /** Newer releases of Debian have pivot_root(8), which bin/enter executes, in another package. */
    @Test
    void debianPackageDependsOnThePackageWithPivotRoot() throws IOException {
        assertThat(Files.readString(Path.of("packaging/bin/enter"))).contains("pivot_root . .");
        assertThat(Files.readString(Path.of("packaging/debian/control")))
                .contains("util-linux (<< 2.42-1~) | util-linux-extra,");
    }

    /** Returns the file names of the installed units. */
    private static List<String> units() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("systemd"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(UNIT))
                    .toList();
        }
    }

    /** Returns the units that can be enabled: those with an installation section. */
    private static List<String> enabledUnits() throws IOException {
        List<String> enabled = new ArrayList<>();
        for (String unit : units()) {
            if (Files.readString(Path.of("systemd", unit)).contains("\n[Install]\n")) {
                enabled.add(unit);
            }
        }
        return enabled;
    }

    /** Returns the units that a unit starts ({@code Wants=}). */
    private static List<String> wantedBy(String unit) throws IOException {
        return named(Path.of("systemd", unit), "Wants=");
    }

    /** Returns the units that are named in the lines of a file that contain a text. */
    private static List<String> named(Path file, String text) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains(text))
                .flatMap(line -> Pattern.compile(UNIT).matcher(line).results())
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void bothPackagesStopEveryUnitBeforeTheyAreRemoved() throws IOException {
        assertThat(named(PRERM, "invoke stop ")).containsExactlyInAnyOrderElementsOf(units());
        List<String> stopped = new ArrayList<>(named(SPEC, " disable --now "));
        stopped.addAll(named(SPEC, "systemctl stop "));
        assertThat(stopped).containsExactlyInAnyOrderElementsOf(units());
    }

    @Test
    void bothPackagesEnableTheUnitsThatCanBeEnabled() throws IOException {
        assertThat(named(POSTINST, "for unit in ")).containsExactlyInAnyOrderElementsOf(enabledUnits());
        assertThat(named(POSTRM, "deb-systemd-helper purge ")).containsExactlyInAnyOrderElementsOf(enabledUnits());
        for (String line : List.of("85-quiesced.preset", " preset ", "for unit in ", " disable --now ")) {
            assertThat(Set.copyOf(named(SPEC, line))).as(line).containsAll(enabledUnits());
        }
    }

    /**
     * An upgrade must start its new units, because the unit that wants them is already active and does not start them.
     */
    @Test
    void bothPackagesStartTheUnitsThatAreToBeStoppedAtAShutdown() throws IOException {
        List<String> stoppedAtShutdown = new ArrayList<>();
        for (String unit : wantedBy("quiesced-early.service")) {
            if (Files.readString(Path.of("systemd", unit)).contains("\nExecStop=")) {
                stoppedAtShutdown.add(unit);
            }
        }
        assertThat(stoppedAtShutdown).hasSizeGreaterThan(3);
        assertThat(named(SPEC, "systemctl start quiesced-stopping")).containsAll(stoppedAtShutdown);
        assertThat(named(POSTINST, "system start quiesced-stopping")).containsAll(stoppedAtShutdown);
    }
}
