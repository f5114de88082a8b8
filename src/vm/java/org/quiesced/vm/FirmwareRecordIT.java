// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A guest whose firmware, like that of servers, has a store of error records (ERST of ACPI). The kernel stores its log
 * there at a restart without further configuration, and the next boot completes the record of the shutdown from it.
 */
@Needs(
        drives = FirmwareRecordIT.DRIVES,
        cpus = 1,
        thorough = true,
        reason = "of RecordIT it differs in the backend of the kernel's pstore")
class FirmwareRecordIT extends ScenarioTest {
    static final int DRIVES = 3;

    private static final String SCRIPT = RecordIT.script("""
            cat /sys/module/pstore/parameters/backend | say "round $round: backend"
            if [ $round = 0 ]; then
                verb=reboot
            else
                show time blame
                verb=poweroff
            fi
            """);

    FirmwareRecordIT() {
        super("firmware-record");
    }

    @Test
    void recordIsCompletedFromTheErrorRecordsOfTheFirmware() throws IOException, InterruptedException {
        Files.createDirectories(file("store"));
        String store = "memory-backend-file,id=erst,size=64K,share=on,mem-path=" + file("store/erst.bin");
        Guest.Make make = new Guest.Make(
                List.of("-object", store, "-device", "acpi-erst,memdev=erst"), List.of("printk.always_kmsg_dump=1"), 1);

        Boot boot = boot("rounds", dataDrivesAfter(installedRoot("rounds")), Payload.quiesced(SCRIPT), make);

        assertSays(boot, "scenario: round 1: backend: erst");
        assertSays(boot, "scenario: round 1: unit: shutdown 1: " + DRIVES + " of " + DRIVES + " drives down in 1");
        assertSays(boot, "scenario: round 1: history: +1 .* reboot .* complete");
        assertThat(boot.find("scenario: round 1: blame: .* nvme +down")).hasSize(DRIVES);
        report("%s", boot.find("scenario: round 1: time: (.*)").get(0).group(1));
    }
}
