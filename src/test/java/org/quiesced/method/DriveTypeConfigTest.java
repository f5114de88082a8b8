// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;

/** The configuration knows the driver, the keys and the required method of each type, and refuses others. */
class DriveTypeConfigTest extends EachDriveTypeTest {
    private static final Path MANUAL = Path.of("packaging/man/quiesced.toml.5");

    @ParameterizedTest
    @MethodSource("types")
    void configurationAcceptsTheDriverWithItsOwnKeys(DriveType type) throws ConfigException {
        String table = "[driver." + type.binding().driver() + "]\nshutdown = \"parallel\"\n" + methodLine(type);
        ConfigFiles files = new ConfigFiles(TYPES.drivers());

        assertThat(plan(twoOf(type), files.parse("x.toml", table)).count(Disposition.Lane.PARALLEL))
                .isEqualTo(2);
        for (Settings.Key key : Settings.Key.values()) {
            String text = table + key.name().toLowerCase() + " = \"never\"\n";
            if (type.keys().contains(key)) {
                assertThat(files.parse("x.toml", text)).isNotNull();
            } else {
                assertThat(catchThrowableOfType(ConfigException.class, () -> files.parse("x.toml", text)))
                        .hasMessageContaining("has no meaning here");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void driveWithARequiredMethodIsLeftAloneWithoutIt(DriveType type) {
        Plan plan = plan(twoOf(type), Configs.config(Mode.ON, Map.of(), Map.of()));
        Device drive = plan.tree().get(0);

        assertThat(plan.handles(drive)).isFalse();
        assertThat(plan.of(drive))
                .isEqualTo(
                        drive.driver().isEmpty()
                                ? new Disposition.NoDriver()
                                : new Disposition.LeftToKernel(new Reason.NotAsked(
                                        drive.driver().get(), type.required().orElseThrow())));
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void requiredMethodOptsTheDriveIn(DriveType type) {
        Config asked = Configs.config(Mode.SAFE, required(), Map.of());
        Machine machine = twoOf(type);

        for (WalkMode walk : WalkMode.values()) {
            Plan plan =
                    Planner.assumingFree(asked).withTypes(TYPES).withWalk(walk).plan(machine.tree());
            assertThat(plan.count(Disposition.Lane.PARALLEL)).as(walk.word()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void optedOutDriveIsReportedAsOptedOutWithoutADriver(DriveType type) {
        Settings optedOut = Configs.settings(type.required().orElseThrow(), Settings.Shutdown.KERNEL);
        Plan plan = plan(
                twoOf(type), Configs.config(Mode.SAFE, Map.of(type.binding().driver(), optedOut), Map.of()));

        assertThat(plan.driven())
                .hasSize(2)
                .allSatisfy(device ->
                        assertThat(plan.of(device)).isEqualTo(new Disposition.LeftToKernel(new Reason.OptedOut())));
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void optInWithoutTheRequiredMethodIsAnError(DriveType type) {
        String driver = type.binding().driver();

        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> Configs.FILES.parse("x.toml", "[driver." + driver + "]\nshutdown = \"parallel\"\n")))
                .hasMessageContaining("without " + methodLine(type).strip());
    }

    @ParameterizedTest
    @MethodSource("typesToBeAskedFor")
    void requiredMethodIsRefusedForOtherDrivers(DriveType type) {
        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> Configs.FILES.parse("x.toml", "[driver.nvme]\n" + methodLine(type))))
                .hasMessageContaining("is not for this driver");
    }

    @Test
    void configurationRefusesAnUnlistedDriver() {
        assertThat(catchThrowableOfType(
                        ConfigException.class,
                        () -> Configs.FILES.parse("x.toml", "[driver.ufs-made-up]\nshutdown = \"parallel\"\n")))
                .hasMessageContaining("there is no method for this driver");
    }

    @Test
    void shippedConfigurationAndManualCoverEachType() throws IOException {
        String manual = Files.readString(MANUAL).replace("\\-", "-");

        for (DriveType type : DriveTypes.SUPPORTED.all()) {
            String driver = type.binding().driver();
            if (type.required().isPresent()) {
                assertThat(Configs.FILES.shipped().drivers()).doesNotContainKey(driver);
                assertThat(Files.readString(Path.of("config/quiesced.toml")))
                        .contains("\n#[driver." + driver + "]\n#shutdown = \"parallel\"\n#" + methodLine(type));
                assertThat(manual).containsPattern("\\b" + driver + "\\b");
                continue;
            }
            assertThat(Configs.FILES.shipped().drivers().get(driver).shutdown()).contains(Settings.Shutdown.PARALLEL);
            assertThat(manual).containsPattern("\\b" + driver + "\\b");
        }
    }
}
