// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks whether this machine carries the end of a record over a restart: the kernel's pstore needs a backend, and the
 * kernel has to store its log at each shutdown.
 *
 * @param root the root of the file system; {@code /} except in tests
 */
public record PstoreSettings(Path root) {
    /** The value that the kernel shows for no backend ({@code param_get_charp} of a null pointer). */
    private static final String NONE = "(null)";

    /**
     * The highest number of a reason for which ramoops stores the log (include/linux/kmsg_dump.h): 4 is a shutdown, 0
     * leaves the decision to {@code always_kmsg_dump}.
     */
    private static final String RAMOOPS_REASON = "sys/module/ramoops/parameters/max_reason";

    /**
     * A missing setting.
     *
     * @param what the problem
     * @param remedy how to solve it
     */
    public record Missing(String what, String remedy) {
        @Override
        public String toString() {
            return what + ": " + remedy;
        }
    }

    /**
     * Returns the settings that are missing, with their remedies and the costs of these; empty if the end of a record
     * is carried.
     */
    public List<Missing> missing() {
        List<Missing> missing = new ArrayList<>();
        Optional<String> backend =
                read("sys/module/pstore/parameters/backend").filter(name -> !name.isEmpty() && !name.equals(NONE));
        Optional<String> reasons = backend.filter("ramoops"::equals).flatMap(name -> read(RAMOOPS_REASON));
        if (backend.isEmpty()) {
            missing.add(new Missing(
                    "the kernel's pstore has no backend",
                    Files.exists(root.resolve("sys/firmware/efi"))
                            ? "add \"efi_pstore.pstore_disable=0\" to the kernel's command line and load the module"
                                    + " efi_pstore (each shutdown then writes some ten variables of the firmware)"
                            : "reserve memory for ramoops: add \"memmap=1M$ADDRESS ramoops.mem_address=ADDRESS"
                                    + " ramoops.mem_size=0x100000 ramoops.record_size=0x20000\", with an address"
                                    + " of RAM in place of ADDRESS, to the kernel's command line, and load the module"
                                    + " ramoops"));
        }
        if (reasons.filter(reason -> reason.matches("[1-3]")).isPresent()) {
            missing.add(new Missing(
                    "ramoops does not store shutdowns", "add \"ramoops.max_reason=4\" to the kernel's command line"));
        } else if (reasons.filter(reason -> reason.matches("[4-9]")).isEmpty()
                && !read("sys/module/printk/parameters/always_kmsg_dump").equals(Optional.of("Y"))) {
            missing.add(new Missing(
                    "the kernel's log is not stored at a shutdown",
                    "add \"printk.always_kmsg_dump=1\" to the kernel's command line, or write Y to"
                            + " /sys/module/printk/parameters/always_kmsg_dump"));
        }
        return missing;
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
