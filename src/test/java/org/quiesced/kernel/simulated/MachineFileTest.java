// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;

class MachineFileTest {
    @TempDir
    private Path directory;

    private static Machine machine() {
        MachineBuilder builder = new MachineBuilder("mine");
        String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(110));
        String other = builder.nvme("/devices/pci/wwn-0x5000c500a1b2c3d4", "0000:02:00.0", Duration.ofSeconds(4));
        builder.classDevice(
                "/devices/virtual/secret", "nvme", Map.of("serial", "ZX81SPECTRUM", "wwid", "eui.0025385b71b0a2f3"));
        String function = builder.nvme("/devices/pci", "0000:01:00.1", Duration.ofMillis(110));
        return builder.link(other, drive, false)
                .virtualFunction(function, drive)
                .inUse(drive, "mounted on /media/ZX81SPECTRUM-backup")
                .parameter("core", "async_shutdown", "Y")
                .build();
    }

    @Test
    void machineSurvivesARoundTrip() throws IOException {
        Path file = directory.resolve("machine.json");
        Files.writeString(file, MachineFile.of(machine()).toJson(true));
        Machine read = MachineFile.read(file);

        assertThat(read.tree().devices())
                .containsExactlyElementsOf(machine().tree().devices());
        assertThat(read.tree().devices().get(0).driver()).contains("nvme");
        assertThat(read.tree().devices().get(1).attributes())
                .isEqualTo(machine().tree().devices().get(1).attributes());
        assertThat(read.tree().links()).isEqualTo(machine().tree().links());
        assertThat(read.uses()).isEqualTo(machine().uses());
        assertThat(read.latencies()).isEqualTo(machine().latencies());
        assertThat(read.parameters()).isEqualTo(machine().parameters()).hasSize(1);
        assertThat(Masking.of(read).parameters()).isEqualTo(read.parameters());
    }

    @Test
    void identitiesOfDrivesAreMaskedEverywhere() {
        String text = MachineFile.of(Masking.of(machine())).toJson(true);

        assertThat(text)
                .doesNotContain("ZX81SPECTRUM")
                .doesNotContain("0025385b71b0a2f3")
                .doesNotContain("5000c500a1b2c3d4")
                .doesNotContain("SIM0")
                .contains("mounted on /mount-1")
                .contains("wwn-1");
    }

    @Test
    void givenNamesAreMaskedConsistently() {
        MachineBuilder builder = new MachineBuilder("mine");
        List<String> words = List.of(
                "mounted on /",
                "used as swap",
                "mounted on /srv/acme corp",
                "held by dm-0 (acme-vault), mounted on /srv/acme corp",
                "held by md127, held by dm-0 (acme-vault), used as swap",
                "held by dm-1 (acme (old)), mounted on /home",
                "held by md0");
        for (int i = 0; i < words.size(); i++) {
            String path = builder.nvme("/devices/pci", "0000:0" + i + ":00.0", Duration.ZERO);
            builder.inUse(path, new DiskUser(words.get(i), Release.LATE));
        }
        builder.classDevice("/devices/virtual/block/dm-0", "block", Map.of("dm/name", "acme-vault\n"));
        Machine masked = Masking.of(builder.build());

        assertThat(MachineFile.of(masked).toJson(false)).doesNotContain("acme");
        List<String> seen =
                masked.uses().values().stream().map(DiskUser::describe).toList();
        String mapped = masked.tree()
                .find("/devices/virtual/block/dm-0")
                .orElseThrow()
                .attributes()
                .get("dm/name");
        assertThat(mapped).matches("name-\\d");
        assertThat(seen)
                .contains("mounted on /", "used as swap", "held by md0", "mounted on /mount-1")
                .contains("held by dm-0 (" + mapped + "), mounted on /mount-1")
                .contains("held by md127, held by dm-0 (" + mapped + "), used as swap")
                .anyMatch(text -> text.matches("held by dm-1 \\(name-\\d\\), mounted on /home"));
    }

    @Test
    void maskingChangesNothingElse() {
        Machine masked = Masking.of(machine());

        assertThat(masked.tree().devices()).hasSameSizeAs(machine().tree().devices());
        assertThat(masked.tree().links()).hasSize(2);
        assertThat(masked.uses()).hasSize(1);
        assertThat(masked.latencies()).hasSize(3);
    }

    @Test
    void releasesOfUsersSurviveARoundTrip() throws IOException {
        MachineBuilder builder = new MachineBuilder("mine");
        String root = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
        String data = builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);
        String array = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ZERO);
        Machine machine = builder.inUse(root, new DiskUser("mounted on /", Release.NEVER))
                .inUse(data, new DiskUser("mounted on /srv", Release.EARLY))
                .inUse(array, new DiskUser("held by md0", Release.LATE))
                .build();
        Path file = directory.resolve("machine.json");
        Files.writeString(file, MachineFile.of(machine).toJson(true));

        assertThat(MachineFile.read(file).uses()).isEqualTo(machine.uses());
        assertThat(Masking.of(machine).uses()).isEqualTo(machine.uses());
    }

    @Test
    void usersWithoutAReleaseAreNeverReleased() throws IOException {
        Path file = directory.resolve("old.json");
        Files.writeString(
                file,
                HEAD + "\"devices\":[{\"path\":\"/devices/sda\",\"className\":\"block\"}],"
                        + "\"uses\":{\"/devices/sda\":\"mounted on /srv\"}}");

        assertThat(MachineFile.read(file).uses()).containsValue(new DiskUser("mounted on /srv", Release.NEVER));
    }

    private static final String HEAD = "{\"format\":\"quiesced-machine-1\",\"name\":\"m\",\"kernel\":\"6.1\",";

    private void assertRefused(byte[] content, String message) throws IOException {
        Path file = directory.resolve("bad.json");
        Files.write(file, content);

        assertThatThrownBy(() -> MachineFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": not a captured machine: " + message);
    }

    static Stream<Arguments> files() {
        return Stream.of(
                arguments("", "the file is empty"),
                arguments(" \n\n", "the file is blank"),
                arguments("not json", "not JSON at line 1, column 1 (found n)"),
                arguments("\n\n  ~", "not JSON at line 3, column 3 (found ~)"),
                arguments("[]", "not a JSON object at line 1, column 1 (found [)"),
                arguments("{}", "it has no format"),
                arguments("{\"format\":\"quiesced-machine-1\",", "the file ends in the middle, at line 1, column 32"),
                arguments("{\"format\":\"quiesced-mach", "the file ends in the middle, at line 1, column 25"),
                arguments("{\"format\": quiesced}", "not JSON at line 1, column 12 (found q)"),
                arguments("{\"format\":\"a\"}\n{}", "there is more after the machine, at line 2, column 1"),
                arguments(
                        "{\"format\":\"quiesced-machine-9\"}",
                        "its format is \"quiesced-machine-9\", expected \"quiesced-machine-1\""),
                arguments(
                        "{\"format\":\"a\",\"format\":\"a\"}", "the key \"format\" stands twice, at line 1, column 23"),
                arguments(
                        "{\"format\":\"a\",\n\"nonsense\":1}",
                        "unknown key nonsense; known are devices, format, kernel, latencies, links,"
                                + " name, openers, parameters, released, stacks, uses"),
                arguments("{\"format\":1}", "the value of format has the wrong type, at line 1, column 11"),
                arguments(HEAD + "\n\"devices\":{}}", "the value of devices has the wrong type, at line 2, column 11"),
                arguments(
                        HEAD + "\n\"devices\":[{\"path\":[]}]}",
                        "the value of devices[0].path has the wrong type, at line 2, column 20"),
                arguments("{\"format\":\"quiesced-machine-1\",\"kernel\":\"6\"}", "name is missing"),
                arguments(HEAD + "\"devices\":[null]}", "devices[0] is null"),
                arguments(HEAD + "\"devices\":[{\"bus\":\"pci\"}]}", "devices[0].path is missing"),
                arguments(HEAD + "\"devices\":[{\"path\":\"/devices/x\"}]}", "devices[0] has neither bus nor class"),
                arguments(
                        HEAD + "\"devices\":[{\"path\":\"/x\",\"className\":\"block\",\"driver\":\"d\"}]}",
                        "devices[0] has a driver and no bus"),
                arguments(
                        HEAD + "\"devices\":[{\"path\":\"rel\",\"bus\":\"pci\"}]}",
                        "devices[0].path is not an absolute path: rel"),
                arguments(
                        HEAD + "\"devices\":[{\"path\":\"/a/../a\",\"bus\":\"pci\"}]}",
                        "devices[0].path has an empty part, \".\" or \"..\": /a/../a"),
                arguments(
                        HEAD + "\"devices\":[{\"path\":\"/a\",\"bus\":\"pci\"},{\"path\":\"/a\",\"bus\":\"pci\"}]}",
                        "the device stands twice in the tree: /a"),
                arguments(
                        HEAD + "\"devices\":[{\"path\":\"" + "/a".repeat(2049) + "\",\"bus\":\"pci\"}]}",
                        "devices[0].path is longer than 4096 characters"),
                arguments(
                        HEAD + "\"devices\":[{\"path\":\"/\\u001b[2J\",\"bus\":\"pci\"}]}",
                        "devices[0].path has a control character"),
                arguments(HEAD + "\"links\":[{\"supplier\":\"/a\"}]}", "links[0].consumer is missing"),
                arguments(HEAD + "\"uses\":{\"/a\":\"x\"}}", "uses[/a] names no device of the machine"),
                arguments(HEAD + ONE + "\"uses\":{\"/a\":null}}", "uses[/a] is null"),
                arguments(HEAD + ONE + "\"released\":{\"/a\":\"late\"}}", "released[/a] names a disk without a user"),
                arguments(
                        HEAD + ONE + "\"uses\":{\"/a\":\"x\"},\"released\":{\"/a\":\"soon\"}}",
                        "released[/a] is not early, late or exitrd"),
                arguments(HEAD + ONE + "\"latencies\":{\"/a\":-1}}", "latencies[/a] is not from 0 to 86400 seconds"),
                arguments(HEAD + ONE + "\"latencies\":{\"/a\":1e999}}", "latencies[/a] is not from 0 to 86400 seconds"),
                arguments(
                        HEAD + ONE + "\"latencies\":{\"/a\":\"x\"}}",
                        "the value of latencies./a has the wrong type, at line 1, column 114"));
    }

    private static final String ONE = "\"devices\":[{\"path\":\"/a\",\"bus\":\"pci\"}],";

    @ParameterizedTest
    @MethodSource("files")
    void invalidFileIsRefusedWithReasonAndPlace(String text, String message) throws IOException {
        assertRefused(text.getBytes(StandardCharsets.UTF_8), message);
    }

    @Test
    void binaryFileIsRefusedWithReasonAndPlace() throws IOException {
        assertRefused(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}, "not JSON at line 1, column 1 (byte 0x7F)");
        assertRefused(new byte[] {(byte) 0x1f, (byte) 0x8b, 8, 0}, "not JSON at line 1, column 1 (byte 0x1F)");
        assertRefused(new byte[] {'\n', (byte) 0xff, (byte) 0xfe}, "not JSON at line 2, column 1 (byte 0xFF)");
        assertRefused(new byte[10_000], "not JSON at line 1, column 1 (byte 0x00)");
        assertRefused(new byte[] {'{', '\n', ' ', 0x01}, "not JSON at line 2, column 2 (byte 0x01)");
        assertRefused(new byte[] {'{', '"', 'a', (byte) 0xff, '"'}, "not JSON at line 1, column 4 (byte 0xFF)");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        assertRefused(
                (HEAD + "\"devices\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
                "the value of devices[0] has the wrong type, at line 1, column 69");
        assertRefused(
                (HEAD + "\"x\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
                "JSON nested too deeply, or with a number or text that is too long");
    }

    @Test
    void hugeFileIsRefused() throws IOException {
        Path file = directory.resolve("huge.json");
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.writeBytes("{");
            huge.setLength(1L << 40);
        }

        assertThatThrownBy(() -> MachineFile.read(file))
                .hasMessage(file + ": not a captured machine: it is larger than 64 MB");
    }

    @Test
    void endlessFileIsRefused() {
        assertThatThrownBy(() -> MachineFile.read(Path.of("/dev/zero")))
                .hasMessage("/dev/zero: not a captured machine: not JSON at line 1, column 1 (byte 0x00)");
    }

    @Test
    void directoryIsRefused() {
        assertThatThrownBy(() -> MachineFile.read(directory)).hasMessage(directory + ": Is a directory");
    }

    @Test
    void missingFileIsAnError() {
        assertThatThrownBy(() -> MachineFile.read(directory.resolve("none.json")))
                .hasMessage(directory.resolve("none.json") + ": No such file or directory");
    }

    @Test
    void cyclicLinksAreAccepted() throws IOException {
        Path file = directory.resolve("cycle.json");
        Files.writeString(
                file,
                HEAD + "\"devices\":[{\"path\":\"/a\",\"bus\":\"pci\"},{\"path\":\"/b\",\"bus\":\"pci\"}],"
                        + "\"links\":[{\"supplier\":\"/a\",\"consumer\":\"/b\"},{\"supplier\":\"/b\",\"consumer\":\"/a\"}]}");

        assertThat(MachineFile.read(file).tree().links()).hasSize(2);
    }
}
