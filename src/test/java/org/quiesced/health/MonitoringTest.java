// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.history.DeviceRecord.Counted;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.method.DriveIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Metrics and rules for a monitoring system, checked by Prometheus' own tool. */
class MonitoringTest {
    private static final Path RULES = Path.of("config/quiesced-alerts.yml");
    private static final Path DASHBOARD = Path.of("config/quiesced-dashboard.json");
    private static final Pattern METRIC = Pattern.compile("quiesced_[a-z_]+");

    @TempDir
    private Path directory;

    /** Returns a shutdown whose second drive was slow and counted an unsafe shutdown. */
    private static ShutdownRecord record() {
        return Records.ended(3, 5.5).map(device -> {
            boolean second = device.device().equals("0000:04:00.0");
            Counted counted =
                    new Counted(Optional.of(Records.counters(7, 2)), Optional.of(Records.counters(8, second ? 3 : 2)));
            return device.with(new DriveIdentity("Fast \"1\"", device.device()), counted, Optional.of(1.5));
        });
    }

    private static Drives drives() {
        Drive odd = new Drive(
                "/devices/pci0000:00/0000:03:00.0",
                "nvme0",
                "nvme",
                "Odd \"model\" \\ of\nnobody",
                "S0",
                Optional.of(Records.counters(8, 3)));
        Drive silent = new Drive("/devices/host0/0:0:0:0", "sda", "sd", "Disk", "naa.5000", Optional.empty());
        return Drives.of("next", List.of(odd, silent));
    }

    private static String metrics() {
        return MetricsText.of(Optional.of(new RecordFiles.Kept(4, Path.of("4.json"), record())), drives());
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static Optional<Path> promtool() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(path -> Path.of(path, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void assertThatPromtoolAccepts(String input, String... arguments) throws Exception {
        Optional<Path> promtool = promtool();
        assumeTrue(promtool.isPresent(), "there is no promtool: Debian's package \"prometheus\" has it");
        Path in = Files.writeString(directory.resolve("input"), input);
        Path out = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of(promtool.get().toString()), Stream.of(arguments))
                                .toList())
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    }

    @Test
    void metricsDescribeTheLastShutdown() {
        assertThat(metrics().lines())
                .contains(
                        "# TYPE quiesced_shutdown_phase_seconds gauge",
                        "quiesced_shutdown_timestamp_seconds 1.79500000025E9",
                        "quiesced_shutdown_record_complete 1",
                        "quiesced_shutdown_duration_seconds 7.5",
                        "quiesced_shutdown_phase_seconds{phase=\"units\"} 1.5",
                        "quiesced_shutdown_phase_seconds{phase=\"devices and kernel\"} 5.5",
                        "quiesced_shutdown_drives{outcome=\"down\"} 2",
                        "quiesced_shutdown_drives{outcome=\"kernel\"} 1",
                        "quiesced_shutdown_drives{outcome=\"unknown\"} 0",
                        "quiesced_shutdown_saved_seconds 3",
                        "quiesced_shutdown_compared_drives 3",
                        "quiesced_shutdown_unsafe_drives 1",
                        "quiesced_shutdown_slow_drives 1",
                        "quiesced_drive_unsafe_shutdowns_total{drive=\"nvme0\",path=\"/devices/pci0000:00/0000:03:00.0\","
                                + "model=\"Odd \\\"model\\\" \\\\ of\\nnobody\",serial=\"S0\"} 3");
    }

    @Test
    void metricsWithoutARecordDescribeTheDrives() {
        assertThat(names(MetricsText.of(Optional.empty(), drives())))
                .containsExactly("quiesced_drive_unsafe_shutdowns_total");
    }

    @Test
    void promtoolAcceptsTheMetrics() throws Exception {
        assertThatPromtoolAccepts(metrics(), "check", "metrics");
    }

    @Test
    void promtoolAcceptsTheRules() throws Exception {
        assertThatPromtoolAccepts("", "check", "rules", RULES.toString());
    }

    @Test
    void rulesFireForUnsafeUnconfirmedAndSlowDrivesAndIncompleteRecords() throws Exception {
        Path test = Files.writeString(directory.resolve("test.yml"), """
                rule_files: [%s]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - {series: 'quiesced_shutdown_unsafe_drives{instance="a"}', values: '1x5'}
                      - {series: 'quiesced_shutdown_unsafe_drives{instance="b"}', values: '0x5'}
                      - {series: 'quiesced_shutdown_record_complete{instance="a"}', values: '1x5'}
                      - {series: 'quiesced_shutdown_record_complete{instance="b"}', values: '0x5'}
                      - {series: 'quiesced_shutdown_drives{instance="a",outcome="down"}', values: '3x5'}
                      - {series: 'quiesced_shutdown_drives{instance="a",outcome="kernel"}', values: '3x5'}
                      - {series: 'quiesced_shutdown_drives{instance="b",outcome="unconfirmed"}', values: '2x5'}
                      - {series: 'quiesced_drive_unsafe_shutdowns_total{instance="a",drive="nvme0"}', values: '7x5'}
                      - {series: 'quiesced_drive_unsafe_shutdowns_total{instance="b",drive="nvme1"}', values: '7 7 8x3'}
                    promql_expr_test:
                      - expr: count by (alertname, instance) (ALERTS{alertstate="firing"})
                        eval_time: 4m
                        exp_samples:
                          - {labels: '{alertname="QuiescedUnsafeShutdown", instance="a"}', value: 1}
                          - {labels: '{alertname="QuiescedRecordIncomplete", instance="b"}', value: 1}
                          - {labels: '{alertname="QuiescedDriveNotConfirmed", instance="b"}', value: 1}
                          - {labels: '{alertname="QuiescedDriveLostPower", instance="b"}', value: 1}
                """.formatted(RULES.toAbsolutePath()));

        assertThatPromtoolAccepts("", "test", "rules", test.toString());
    }

    @Test
    void rulesAndDashboardUseOnlyWrittenMetrics() throws IOException {
        Set<String> written = names(metrics());
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readAllBytes(DASHBOARD));

        assertThat(written).containsAll(names(Files.readString(RULES)));
        assertThat(names(dashboard.path("panels").toString() + dashboard.path("templating")))
                .isNotEmpty()
                .isSubsetOf(written);
        assertThat(dashboard.path("panels").size()).isPositive();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(panel.path("targets").path(0).path("expr").asString(""))
                    .as(panel.path("title").asString())
                    .containsPattern(METRIC);
        }
    }

    @Test
    void metricsFileIsReplacedWithoutFollowingALink() throws IOException {
        Path file = directory.resolve("quiesced.prom");
        Path victim = Files.writeString(directory.resolve("victim"), "mine");
        Files.createSymbolicLink(directory.resolve("quiesced.prom.new"), victim);

        new MetricsFile(file).write("one\n");
        new MetricsFile(file).write("two\n");

        assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo("two\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(victim).hasContent("mine");
        assertThat(directory.resolve("quiesced.prom.new")).doesNotExist();
    }

    @Test
    void missingDirectoryIsReportedWithARemedy() {
        assertThatThrownBy(() -> new MetricsFile(directory.resolve("missing/quiesced.prom")).write("one\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such directory")
                .hasMessageContaining("ReadWritePaths=");
        assertThat(directory.resolve("missing")).doesNotExist();
    }
}
