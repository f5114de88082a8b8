// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.invariants.PlantedViolation;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Verb;

/** The attributes of a disk decide about its stop. They are cleared for the unbind, and restored after a failure. */
class ScsiStopAttributesTest extends ScsiDiskTest {
    @ParameterizedTest
    @EnumSource(Verb.class)
    void stopAttributesAreClearedBeforeTheUnbind(Verb verb) throws IOException {
        String other = scsiDisk(Map.of("manage_runtime_start_stop", "1", "manage_of_a_later_kernel", "7"));
        run.shutdown(other, verb);

        assertThat(value(other, "manage_runtime_start_stop")).isEqualTo("0");
        assertThat(value(other, "manage_of_a_later_kernel")).isEqualTo("0");
        assertThat(run.done()).as("neither of them is for a shutdown").containsExactly("UNBIND 0:0:1:0");
    }

    @ParameterizedTest
    @CsvSource({"POWEROFF, 1", "HALT, 0", "REBOOT, 0", "KEXEC, 0"})
    void sataDiskIsStoppedOnceAtPowerOffAndNeverAtReboot(Verb verb, int stops) throws IOException {
        run.shutdown(scsiDisk(SATA), verb);

        assertThat(run.done().stream().filter("STOP 0:0:1:0"::equals)).hasSize(stops);
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void stopNeverHoldsOnEachKernel(Verb verb) throws IOException {
        String other = scsiDisk(Map.of(
                "manage_system_start_stop", "1",
                "manage_runtime_start_stop", "1",
                "manage_shutdown", "1",
                "manage_restart", "1"));
        run.shutdown(other, Configs.settings(Settings.Stop.NEVER), verb);

        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0");
        for (String name : new String[] {
            "manage_system_start_stop", "manage_runtime_start_stop", "manage_shutdown", "manage_restart"
        }) {
            assertThat(value(other, name)).as(name).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Verb.class,
            names = {"REBOOT", "KEXEC"})
    void diskIsStoppedAtARestartIfItsAttributesAskForIt(Verb verb) throws IOException {
        run.shutdown(scsiDisk(Map.of("manage_restart", "1")), verb);

        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0", "STOP 0:0:1:0");
    }

    @Test
    void readOnlySummaryAttributeIsNotWritten() throws IOException {
        String other =
                scsiDisk(Map.of("manage_start_stop", "1", "manage_system_start_stop", "1", "manage_shutdown", "1"));
        run.shutdown(other, Verb.POWEROFF);

        assertThat(value(other, "manage_start_stop")).isEqualTo("1");
        assertThat(value(other, "manage_system_start_stop")).isEqualTo("0");
        assertThat(value(other, "manage_shutdown")).isEqualTo("0");
        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0", "STOP 0:0:1:0");
    }

    @Test
    void failedUnbindRestoresEachAttribute() {
        String other = scsiDisk(Map.of("manage_system_start_stop", "1", "manage_shutdown", "0", "manage_x", "7"));
        run.builder.fault(other, Fault.UNBIND_FAILS);

        assertThatThrownBy(() -> run.shutdown(other, Verb.POWEROFF)).isInstanceOf(IOException.class);
        assertThat(value(other, "manage_system_start_stop")).isEqualTo("1");
        assertThat(value(other, "manage_shutdown")).isEqualTo("0");
        assertThat(value(other, "manage_x")).isEqualTo("7");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void diskThatWasGivenUpKeepsItsDriverAndAttributes() {
        String other = scsiDisk(Map.of("manage_system_start_stop", "1", "manage_x", "7"));
        List<String> written = new ArrayList<>();
        run.altered = kernel -> Altered.with(noting(kernel.attributes(), written), kernel);
        run.acts = 0;

        assertThatThrownBy(() -> run.shutdown(other, Verb.POWEROFF)).isInstanceOf(GivenUpException.class);
        assertThat(written).isEmpty();
        assertThat(run.done()).isEmpty();
    }

    /** From the first cleared attribute to the stop, the kernel's own shutdown would not stop the disk. */
    @Test
    void diskIsUnboundAndStoppedOnceItsAttributesAreCleared() throws IOException {
        String other = scsiDisk(Map.of("manage_system_start_stop", "1", "manage_x", "7"));
        run.acts = 1;

        assertThat(run.shutdown(other, Verb.POWEROFF)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0", "STOP 0:0:1:0");
    }

    private static Attributes noting(Attributes attributes, List<String> written) {
        return new Attributes() {
            @Override
            public Optional<String> read(Device device, String name) {
                return attributes.read(device, name);
            }

            @Override
            public List<String> writable(Device device) throws IOException {
                return attributes.writable(device);
            }

            @Override
            public void write(Device device, String name, String value) throws IOException {
                written.add(name + "=" + value);
                attributes.write(device, name, value);
            }
        };
    }

    private void set(String path, String name, String value) throws IOException {
        run.prepare()
                .attributes()
                .write(run.kernel.readTree().find(path + CLASS).orElseThrow(), name, value);
    }

    @Test
    @PlantedViolation(
            reason = "There are two shutdowns, and somebody else sets the attribute.",
            rules = {"one unbinding and one stop, never two", "a disk that stays is as it was"})
    void cancelledShutdownRestoresTheClearedAttributes() throws IOException {
        run.prepare();
        set(disk, "manage_start_stop", "0");
        run.shutdown(disk, Verb.REBOOT);
        run.method(disk, Settings.NONE).restore(run.found, run.kernel);
        assertThat(run.attribute(disk + CLASS, "manage_start_stop"))
                .as("cleared by another process since the plan")
                .isEqualTo("0");

        set(disk, "manage_start_stop", "7");
        run.shutdown(disk, Verb.REBOOT);
        run.method(disk, Settings.NONE).restore(run.found, run.kernel);
        assertThat(run.attribute(disk + CLASS, "manage_start_stop")).isEqualTo("7");
    }

    @Test
    void currentAttributesDecideAboutTheStop() throws IOException {
        String other = scsiDisk(Map.of("manage_start_stop", "0"));
        run.prepare()
                .attributes()
                .write(
                        run.kernel.readTree().find(other + "/scsi_disk/0:0:1:0").orElseThrow(),
                        "manage_start_stop",
                        "1");
        run.shutdown(other, Verb.POWEROFF);

        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0", "STOP 0:0:1:0");
        assertThat(run.method(other, Settings.NONE).endsWithDriver(run.found, Verb.POWEROFF))
                .as("the method knows about the stop")
                .isFalse();
    }
}
