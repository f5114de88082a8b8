// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/** Attributes that make a driver stop its disk are cleared during the unbind, and no other attribute is changed. */
class StopAttributesTest {
    private final Device disk = new Device(
            "/devices/host0/0:0:0:0/scsi_disk/0:0:0:0",
            "scsi_disk",
            false,
            Optional.empty(),
            Map.of("cache_type", "write back", "manage_a", "1", "manage_b", "0", "manage_c", "7"));
    private final Map<String, String> values = new TreeMap<>(disk.attributes());
    private final List<String> written = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();

    private final Attributes attributes = new Attributes() {
        @Override
        public Optional<String> read(Device device, String name) {
            return Optional.ofNullable(values.get(name));
        }

        @Override
        public List<String> writable(Device device) {
            return List.copyOf(values.keySet());
        }

        @Override
        public void write(Device device, String name, String value) throws IOException {
            if (refused.contains(name + "=" + value)) {
                throw new IOException(name + ": Invalid argument");
            }
            values.put(name, value);
            written.add(name + "=" + value);
        }
    };

    @Test
    void onlySetAttributesAreCleared() throws IOException {
        StopAttributes.clear(disk, attributes);

        assertThat(written).containsExactly("manage_a=0", "manage_c=0");
    }

    @Test
    void valuesAreRestoredIfTheDriverStays() throws IOException {
        StopAttributes.clear(disk, attributes).close();

        assertThat(values).isEqualTo(disk.attributes());
    }

    @Test
    void attributesStayClearedAfterTheUnbind() throws IOException {
        StopAttributes cleared = StopAttributes.clear(disk, attributes);
        cleared.driverHasLeft();
        cleared.close();

        assertThat(written).containsExactly("manage_a=0", "manage_c=0");
    }

    @Test
    void failureToClearRestoresAllAttributes() {
        refused.add("manage_c=0");

        assertThatThrownBy(() -> StopAttributes.clear(disk, attributes)).hasMessage("manage_c: Invalid argument");
        assertThat(values).isEqualTo(disk.attributes());
    }

    @Test
    void failureToRestoreDoesNotAffectOtherAttributes() throws IOException {
        StopAttributes cleared = StopAttributes.clear(disk, attributes);
        refused.add("manage_a=1");
        cleared.close();

        assertThat(values).containsEntry("manage_a", "0").containsEntry("manage_c", "7");
    }

    @Test
    void currentValuesCountAndNotThoseOfThePlan() throws IOException {
        values.put("manage_a", "0");
        values.put("manage_b", "3");
        values.put("manage_later", "1");
        values.remove("manage_c");

        assertThat(StopAttributes.present(disk, attributes).attributes())
                .containsOnly(
                        Map.entry("cache_type", "write back"),
                        Map.entry("manage_a", "0"),
                        Map.entry("manage_b", "3"),
                        Map.entry("manage_later", "1"));
    }

    @Test
    void cancelledShutdownRestoresClearedAttributes() throws IOException {
        values.replaceAll((name, value) -> "0");
        StopAttributes.restore(disk, attributes);

        assertThat(written).containsExactly("manage_a=1", "manage_c=7");
    }

    @Test
    void otherAttributesAreNotRestored() throws IOException {
        values.put("manage_later", "1");
        values.put("manage_b", "2");
        StopAttributes.restore(disk, attributes);

        assertThat(values).containsEntry("manage_later", "1").containsEntry("manage_b", "2");
    }

    @Test
    void failureToRestoreIsReportedAndOtherAttributesAreRestored() {
        values.replaceAll((name, value) -> "0");
        refused.add("manage_a=1");
        values.put("manage_b", "2");

        assertThatThrownBy(() -> StopAttributes.restore(disk, attributes)).hasMessage("manage_a: Invalid argument");
        assertThat(values).containsEntry("manage_c", "7");
    }
}
