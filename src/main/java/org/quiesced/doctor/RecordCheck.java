// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import java.util.List;
import org.quiesced.history.PstoreSettings;

/** Checks whether the end of a shutdown's record is carried over the restart. */
public final class RecordCheck {
    private static final String CHECK = "record";

    private RecordCheck() {}

    /** Runs the check; returns one finding per missing setting. */
    public static List<Finding> of(PstoreSettings pstore) {
        List<PstoreSettings.Missing> missing = pstore.missing();
        if (missing.isEmpty()) {
            return List.of(Finding.ok(CHECK, "pstore carries the end of the record over the restart"));
        }
        return missing.stream()
                .map(each -> Finding.warning(CHECK, each.what(), each.remedy()))
                .toList();
    }
}
