// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly the missing settings of pstore are named. */
class PstoreSettingsTest {
    @TempDir
    private Path root;

    private void parameter(String module, String name, String value) throws IOException {
        Path file = root.resolve("sys/module/" + module + "/parameters/" + name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }

    private void assertMissing(String... parts) {
        assertThat(new PstoreSettings(root).missing()).hasSize(parts.length);
        for (int i = 0; i < parts.length; i++) {
            assertThat(new PstoreSettings(root).missing().get(i).toString()).contains(parts[i]);
        }
    }

    @Test
    void missingBackendIsReported() throws IOException {
        parameter("pstore", "backend", "(null)");
        parameter("printk", "always_kmsg_dump", "N");

        assertMissing("pstore has no backend", "printk.always_kmsg_dump=1");
    }

    @Test
    void backendNeedsAlwaysKmsgDump() throws IOException {
        parameter("pstore", "backend", "efi_pstore");
        parameter("printk", "always_kmsg_dump", "N");
        assertMissing("printk.always_kmsg_dump=1");

        parameter("printk", "always_kmsg_dump", "Y");
        assertMissing();
    }

    @Test
    void ramoopsNeedsItsMaxReason() throws IOException {
        parameter("pstore", "backend", "ramoops");
        parameter("printk", "always_kmsg_dump", "N");
        parameter("ramoops", "max_reason", "4");
        assertMissing();

        parameter("ramoops", "max_reason", "2");
        assertMissing("ramoops.max_reason=4");

        parameter("ramoops", "max_reason", "0");
        assertMissing("printk.always_kmsg_dump=1");
    }
}
