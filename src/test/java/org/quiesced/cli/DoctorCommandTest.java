// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {
    @TempDir
    private Path directory;

    @Test
    void doctorChecksThePlanOfAMachine() {
        Command doctor = Command.run("doctor", "--machine=cloud-2");

        assertThat(doctor.code()).isZero();
        assertThat(doctor.lines())
                .containsExactly(
                        "STATE  CHECK     FINDING",
                        "ok     plan      2 drives in parallel",
                        "ok     deadline  the drives are expected to need 110ms of 1min 20s");
    }

    /** Serially, the drives of nvme-150 take eleven minutes. */
    @Test
    void planLongerThanTheDeadlineIsAWarning() throws IOException {
        Path config = Files.writeString(directory.resolve("c.toml"), "[driver.nvme]\nshutdown = \"serial\"\n");
        Command doctor = Command.run("doctor", "--machine=nvme-150", "--json", "--config=" + config);

        assertThat(doctor.code()).isZero();
        assertThat(doctor.json()).anySatisfy(finding -> {
            assertThat(finding.get("check").asString()).isEqualTo("deadline");
            assertThat(finding.get("state").asString()).isEqualTo("warning");
            assertThat(finding.get("remedy").asString()).contains("shutdown = \"parallel\"");
        });
    }

    /** Serially, the 24 drives of 4.5 s take 108 s, those of cloud-2 less than a second. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nvme-24 | serial | 85s | set shutdown = \"parallel\" for more drives: no deadline can be longer than 1min 25s",
                "nvme-24 | serial | 10s | set shutdown = \"parallel\" for more drives: no deadline can be longer than 1min 25s",
                "nvme-24 | parallel | 2s | set a longer deadline",
                "sas-60 | parallel | 2s | set a longer deadline"
            })
    void onlyARemedyThatCanHelpIsNamed(String machine, String shutdown, String deadline, String remedy)
            throws IOException {
        Path config = Files.writeString(
                directory.resolve("c.toml"),
                "deadline = \"" + deadline + "\"\n[driver.nvme]\nshutdown = \"" + shutdown + "\"\n"
                        + "[driver.sd]\nshutdown = \"" + shutdown + "\"\n");
        Command doctor = Command.run("doctor", machine, "--verb=poweroff", "--json", "--config=" + config);

        assertThat(doctor.json()).anySatisfy(finding -> {
            assertThat(finding.get("check").asString()).isEqualTo("deadline");
            assertThat(finding.get("remedy").asString()).isEqualTo(remedy);
        });
    }

    /** One by one, 24 drives of 4.5 s do not fit into any deadline; two of them do. */
    @Test
    void aLongerDeadlineIsNamedIfItCanHelp() throws IOException {
        Path config = Files.writeString(
                directory.resolve("c.toml"),
                "deadline = \"5s\"\n[driver.nvme]\nshutdown = \"parallel\"\n"
                        + "[device.\"nvme[01]\"]\nshutdown = \"serial\"\n");

        assertThat(Command.run("doctor", "nvme-24", "--config=" + config).out())
                .contains("set a longer deadline, or shutdown = \"parallel\" for more drives");
    }

    @Test
    void modeOffIsAWarning() throws IOException {
        Path config = Files.writeString(directory.resolve("c.toml"), "mode = \"off\"\n");
        Command doctor = Command.run("doctor", "--machine=cloud-2", "--config=" + config);

        assertThat(doctor.code()).isZero();
        assertThat(doctor.out()).contains("warning  plan");
    }

    /** Each check has a finding on any machine. Without a daemon, the service is not ready. */
    @Test
    void eachCheckHasAFinding() {
        Command doctor = Command.run("doctor", "--json", "--runtime-directory=" + directory);

        assertThat(doctor.code()).isEqualTo(1);
        assertThat(doctor.json()
                        .valueStream()
                        .map(finding -> finding.get("check").asString()))
                .contains(
                        "service", "units", "hook", "configuration", "exitrd", "record", "watchdog", "selinux", "plan");
        JsonNode service = doctor.json().get(0);
        assertThat(service.get("state").asString()).isEqualTo("failed");
        assertThat(doctor.err()).isEmpty();
    }
}
