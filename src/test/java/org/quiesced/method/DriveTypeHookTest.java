// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.Programs;
import org.quiesced.config.Settings;

/** The shutdown hook finds the drives of each type. */
class DriveTypeHookTest extends EachDriveTypeTest {
    private static final Path HOOK = Path.of("systemd/system-shutdown/quiesced");

    @TempDir
    private Path directory;

    @Test
    void hookSearchesForDevicesOfEachType() throws IOException {
        Matcher loop = Pattern.compile("for device in (\\$prefix/sys/bus/.*) \\$run/stops/\\*; do")
                .matcher(Files.readString(HOOK));

        assertThat(loop.find()).isTrue();
        assertThat(loop.group(1).replace("$prefix", "").split(" "))
                .containsExactlyElementsOf(DriveTypes.SUPPORTED.all().stream()
                        .filter(type -> type.required().isEmpty())
                        .flatMap(type -> type.hookGlob().stream())
                        .toList());
    }

    @Test
    void hookSearchesTheConfigurationForEachMethod() throws IOException {
        Matcher line = Pattern.compile("grep -qsE '(.*)' \\$etc/quiesced.toml").matcher(Files.readString(HOOK));
        assertThat(line.find()).isTrue();
        String pattern = line.group(1).replace("[[:space:]]", "\\s");

        for (Settings.Method method : Settings.Method.values()) {
            assertThat(Pattern.compile(pattern)
                            .matcher("  method = \"" + word(method) + "\"")
                            .find())
                    .isEqualTo(method != Settings.Method.AUTO);
        }
    }

    @Test
    void onlyTypesThatNeedTheNetworkHaveNoHookGlob() {
        assertThat(DriveTypes.SUPPORTED.all())
                .allSatisfy(type -> assertThat(type.hookGlob().isEmpty())
                        .isEqualTo(type.method().needsNetwork()));
    }

    static List<DriveType> ofTheLatePhase() {
        return TYPES.all().stream().filter(type -> type.hookGlob().isPresent()).toList();
    }

    @ParameterizedTest
    @MethodSource("ofTheLatePhase")
    void hookGlobMatchesDevicesAndNoOtherFilesOfTheDriver(DriveType type) throws Exception {
        DriverBinding binding = type.binding();
        Path driver = Files.createDirectories(
                directory.resolve(binding.glob().substring(1)).getParent());
        for (String file : List.of("bind", "unbind", "uevent", "module", "new_id", "remove_id")) {
            Files.createFile(driver.resolve(file));
        }
        assertThat(matches(binding)).isEmpty();

        Set<String> names = new LinkedHashSet<>();
        for (int i = 1; i <= 2; i++) {
            String name = type.sample(i).devices().get(0).name();
            names.add(name);
            Files.createFile(driver.resolve(name));
        }
        assertThat(matches(binding)).isEqualTo(names);
    }

    private Set<String> matches(DriverBinding binding) throws IOException, InterruptedException {
        String loop =
                "for device in " + directory + binding.glob() + "; do [ ! -e \"$device\" ] || echo ${device##*/}; done";
        return new LinkedHashSet<>(
                Programs.output(new ProcessBuilder("sh", "-c", loop)).lines().toList());
    }
}
