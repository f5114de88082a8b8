// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.doctor.Finding.State;
import org.quiesced.history.PstoreSettings;

/** The checks of the doctor, on directories in place of a machine. */
class ChecksTest {
    private static final Duration DEADLINE = Duration.ofSeconds(80);
    private static final Optional<Duration> EXPECTED = Optional.of(Duration.ofSeconds(5));

    @TempDir
    private Path root;

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void writeExecutable(String name) throws IOException {
        Files.setPosixFilePermissions(write(name, "#!/bin/sh\n"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void assertThatItIs(Finding finding, State state, String words) {
        assertThat(finding.state()).as(finding.text()).isEqualTo(state);
        assertThat(finding.text()
                        + finding.remedy().map(remedy -> "; " + remedy).orElse(""))
                .contains(words);
        assertThat(finding.remedy().isPresent()).isEqualTo(state == State.WARNING || state == State.FAILED);
    }

    @Test
    void missingDaemonIsAFailure() {
        assertThatItIs(
                ServiceCheck.of(Optional.empty(), "0.2.0").get(0), State.FAILED, "systemctl enable --now quiesced");
    }

    @Test
    void readyDaemonIsOk() {
        List<Finding> findings = ServiceCheck.of(Optional.of(new ServiceCheck.Status("ready", "0.2.0")), "0.2.0");

        assertThat(findings).extracting(Finding::state).containsExactly(State.OK, State.OK);
    }

    @Test
    void outdatedDaemonIsAWarning() {
        List<Finding> findings = ServiceCheck.of(Optional.of(new ServiceCheck.Status("ready", "0.1.0")), "0.2.0");

        assertThatItIs(
                findings.get(1), State.WARNING, "is of version 0.1.0, and 0.2.0 is installed; systemctl restart");
    }

    @Test
    void shutdownInProgressIsAWarning() {
        assertThatItIs(
                ServiceCheck.of(Optional.of(new ServiceCheck.Status("shutting_down", "1")), "1")
                        .get(0),
                State.WARNING,
                "shutting_down");
    }

    @Test
    void installedHookIsOk() throws IOException {
        writeExecutable("usr/lib/systemd/system-shutdown/quiesced");
        Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));

        assertThatItIs(new HookCheck(root).check(), State.OK, "is installed");
    }

    @Test
    void missingHookIsAFailure() {
        assertThatItIs(new HookCheck(root).check(), State.FAILED, "system-shutdown/quiesced is missing; install");
    }

    @Test
    void nonExecutableHookIsAFailure() throws IOException {
        write("usr/lib/systemd/system-shutdown/quiesced", "");

        assertThatItIs(new HookCheck(root).check(), State.FAILED, "is not executable; chmod 755 ");
    }

    /** Without a merged /usr systemd searches only its configured directory. */
    @Test
    void hookMustBeInBothDirectoriesWithoutAMergedUsr() throws IOException {
        writeExecutable("usr/lib/systemd/system-shutdown/quiesced");
        Files.createDirectories(root.resolve("lib/systemd/system-shutdown"));

        assertThatItIs(
                new HookCheck(root).check(), State.FAILED, root + "/lib/systemd/system-shutdown/quiesced is missing");
        writeExecutable("lib/systemd/system-shutdown/quiesced");
        assertThatItIs(new HookCheck(root).check(), State.OK, "is installed");
    }

    @Test
    void enabledUnitsAreOk() throws IOException {
        write("etc/systemd/system/multi-user.target.wants/quiesced.service", "x");
        Path wants = Files.createDirectories(root.resolve("usr/lib/systemd/system/sysinit.target.wants"));
        Files.createSymbolicLink(wants.resolve("quiesced-early.service"), Path.of("../quiesced-early.service"));

        assertThat(new UnitsCheck(root).check())
                .singleElement()
                .satisfies(finding -> assertThatItIs(finding, State.OK, "at each boot"));
    }

    @Test
    void disabledAndMaskedUnitsAreWarnings() throws IOException {
        write("etc/systemd/system/multi-user.target.wants/quiesced.service", "x");
        Files.createSymbolicLink(root.resolve("etc/systemd/system/quiesced.service"), Path.of("/dev/null"));
        List<Finding> findings = new UnitsCheck(root).check();

        assertThat(findings).hasSize(2);
        assertThatItIs(
                findings.get(0),
                State.WARNING,
                "quiesced-early.service is not started at the next boot; systemctl enable");
        assertThatItIs(findings.get(1), State.WARNING, "quiesced.service is masked; systemctl unmask quiesced.service");
    }

    @Test
    void loadedConfigurationIsOk() throws IOException {
        write("etc/quiesced/quiesced.toml", "mode = \"on\"\n");
        write("run/quiesced/root/etc/quiesced/quiesced.toml", "mode = \"on\"\n");

        assertThatItIs(new ConfigCheck(root).check(Optional.empty()), State.OK, "sound and in force");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiesced.toml", "conf.d/10.toml"})
    void changedConfigurationIsAWarning(String changed) throws IOException {
        write("etc/quiesced/quiesced.toml", "");
        write("run/quiesced/root/etc/quiesced/quiesced.toml", "");
        write("etc/quiesced/" + changed, "mode = \"off\"\n");

        assertThatItIs(new ConfigCheck(root).check(Optional.empty()), State.WARNING, "systemctl reload quiesced");
    }

    @Test
    void ignoredFilesAreNoDifference() throws IOException {
        write("etc/quiesced/quiesced.toml", "");
        write("run/quiesced/root/etc/quiesced/quiesced.toml", "");
        write("etc/quiesced/conf.d/.10.toml.swp", "x");
        write("etc/quiesced/conf.d/10.toml.dpkg-old", "x");

        assertThatItIs(new ConfigCheck(root).check(Optional.empty()), State.OK, "in force");
    }

    @Test
    void missingConfigurationIsAWarning() throws IOException {
        String missing = "there is no configuration file in /etc/quiesced: no driver is opted in; install ";

        assertThatItIs(new ConfigCheck(root).check(Optional.empty()), State.WARNING, missing);
        write("etc/quiesced/conf.d/10.toml", "mode = \"on\"\n");
        assertThatItIs(new ConfigCheck(root).check(Optional.empty()), State.OK, "sound");
    }

    @Test
    void invalidConfigurationIsAFailure() throws IOException {
        assertThatItIs(new ConfigCheck(root).check(Optional.of("x:1:1: mode")), State.FAILED, "x:1:1: mode");
        write("run/quiesced/refused", "");
        assertThatItIs(new ConfigCheck(root).check(Optional.empty()), State.FAILED, "has refused");
    }

    @Test
    void missingWatchdogIsOk() {
        assertThatItIs(new WatchdogCheck(root).check(EXPECTED, DEADLINE), State.OK, "no hardware watchdog");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 600, OK, 10min",
        "'', 0, OK, 10min",
        "'', 60, WARNING, quiesced may wait 1min 20s",
        "'', 4, FAILED, the drives need 5.00s",
        "RebootWatchdogSec=3, 600, FAILED, the drives need 5.00s",
        "RebootWatchdogSec=1min, 600, WARNING, quiesced may wait",
        "RebootWatchdogSec=0, 4, OK, no hardware watchdog is used",
        "ShutdownWatchdogSec=off, 4, OK, no hardware watchdog is used",
        "RebootWatchdogSec=default, 600, FAILED, the drives need",
        "RebootWatchdogSec=soon, 600, SKIPPED, is not understood",
        "RebootWatchdogSec=, 600, OK, which is enough"
    })
    void watchdogMustOutlastTheShutdown(String setting, String most, State state, String words) throws IOException {
        write("sys/class/watchdog/watchdog0/timeout", "4\n");
        write("sys/class/watchdog/watchdog0/max_timeout", most + "\n");
        write("etc/systemd/system.conf", "[Manager]\n#RebootWatchdogSec=1\n" + setting + "\n");

        assertThatItIs(new WatchdogCheck(root).check(EXPECTED, DEADLINE), state, words);
    }

    @Test
    void watchdogIsOkWithoutExpectedTimes() throws IOException {
        write("sys/class/watchdog/watchdog0/max_timeout", "600\n");

        assertThatItIs(new WatchdogCheck(root).check(Optional.empty(), DEADLINE), State.OK, "enough");
    }

    @Test
    void dropInsOfSystemdOverrideInTheOrderOfTheirNames() throws IOException {
        write("usr/lib/systemd/system.conf", "A=vendor\n");
        assertThat(new SystemdSetting(root).read("A")).contains("vendor");
        write("etc/systemd/system.conf", "B=main\n");
        assertThat(new SystemdSetting(root).read("A")).isEmpty();
        write("run/systemd/system.conf.d/20.conf", "A=late\n");
        write("etc/systemd/system.conf.d/10.conf", "A = early \nB=drop-in\n");
        assertThat(new SystemdSetting(root).read("A")).contains("late");
        assertThat(new SystemdSetting(root).read("B")).contains("drop-in");
        write("etc/systemd/system.conf.d/20.conf", "A=hidden\n");
        assertThat(new SystemdSetting(root).read("A")).contains("hidden");
        write("etc/systemd/system.conf.d/30.conf", "A=\n");
        assertThat(new SystemdSetting(root).read("A")).isEmpty();
    }

    @Test
    void carriersOfTheRecordAreCheckedOneByOne() throws IOException {
        assertThat(RecordCheck.of(new PstoreSettings(root)))
                .hasSize(2)
                .allSatisfy(finding -> assertThatItIs(finding, State.WARNING, "command line"));
        write("sys/module/pstore/parameters/backend", "erst\n");
        write("sys/module/printk/parameters/always_kmsg_dump", "Y\n");
        assertThat(RecordCheck.of(new PstoreSettings(root)))
                .singleElement()
                .satisfies(finding -> assertThatItIs(finding, State.OK, "pstore"));
    }

    @Test
    void eachFindingIsOneLine() {
        List<Finding> findings = List.of(Finding.ok("hook", "fine"), Finding.failed("plan", "bad", "mend it"));

        assertThat(Finding.page(findings).lines())
                .containsExactly("STATE   CHECK  FINDING", "ok      hook   fine", "failed  plan   bad; to do: mend it");
        assertThat(Finding.isFailure(findings)).isTrue();
        assertThat(Finding.isFailure(findings.subList(0, 1))).isFalse();
    }
}
