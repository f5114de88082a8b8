// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.util.List;
import org.quiesced.history.Carriers;

/** Whether the end of a shutdown's record is carried over the restart. */
public final class RecordCheck {
    private static final String CHECK = "record";

    private RecordCheck() {}

    /** Checks it: one finding for each thing that is missing. */
    public static List<Finding> of(Carriers carriers) {
        List<String> missing = carriers.missing();
        if (missing.isEmpty()) {
            return List.of(Finding.ok(CHECK, "pstore carries the end of the record over the restart"));
        }
        return missing.stream().map(RecordCheck::finding).toList();
    }

    /** What is missing is followed by what to do. */
    private static Finding finding(String missing) {
        int colon = missing.indexOf(": ");
        return Finding.warning(
                CHECK,
                colon < 0 ? missing : missing.substring(0, colon),
                colon < 0 ? "see quiesced(8)" : missing.substring(colon + 2));
    }
}
