// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A guest whose firmware, like that of servers, stores the kernel's log at a restart: as error records (ERST of ACPI),
 * or in variables of EFI. The next boot completes the record of the shutdown from it.
 */
@Needs(
        drives = FirmwareRecordIT.DRIVES,
        cpus = 1,
        thorough = true,
        reason = "of RecordIT it differs in the backend of the kernel's pstore")
class FirmwareRecordIT extends ScenarioTest {
    static final int DRIVES = 3;

    /** Directory of the package ovmf. */
    private static final Path FIRMWARE = Path.of("/usr/share/OVMF");

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

    /** The kernel uses ERST without further configuration. */
    @Test
    void recordIsCompletedFromTheErrorRecordsOfTheFirmware() throws IOException, InterruptedException {
        Files.createDirectories(file("store"));
        String store = "memory-backend-file,id=erst,size=64K,share=on,mem-path=" + file("store/erst.bin");

        assertThatRecordIsComplete("erst", List.of("-object", store, "-device", "acpi-erst,memdev=erst"));
    }

    /** So it does with variables of EFI, if built without CONFIG_EFI_VARS_PSTORE_DEFAULT_DISABLE, as Debian's is. */
    @Test
    void recordIsCompletedFromVariablesOfEfi() throws IOException, InterruptedException {
        Path variables = Files.createDirectories(file("store")).resolve("variables.fd");
        Files.copy(FIRMWARE.resolve("OVMF_VARS_4M.fd"), variables, StandardCopyOption.REPLACE_EXISTING);

        assertThatRecordIsComplete(
                "efi",
                List.of(
                        "-drive",
                        "if=pflash,format=raw,readonly=on,file=" + FIRMWARE.resolve("OVMF_CODE_4M.fd"),
                        "-drive",
                        "if=pflash,format=raw,file=" + variables));
    }

    private void assertThatRecordIsComplete(String backend, List<String> options)
            throws IOException, InterruptedException {
        Boot boot = boot(
                backend,
                dataDrivesAfter(installedRoot(backend)),
                Payload.quiesced(SCRIPT),
                new Guest.Make(options, List.of("printk.always_kmsg_dump=1"), 1));

        assertSays(boot, "scenario: round 1: backend: " + backend);
        assertSays(boot, "scenario: round 1: unit: shutdown 1: " + DRIVES + " of " + DRIVES + " drives down in 1");
        assertSays(boot, "scenario: round 1: history: +1 .* reboot .* complete");
        assertThat(boot.find("scenario: round 1: blame: .* nvme +down")).hasSize(DRIVES);
        report("%s", boot.find("scenario: round 1: time: (.*)").get(0).group(1));
    }
}
