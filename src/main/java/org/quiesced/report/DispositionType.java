// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;

/** The disposition of a device. The JSON form is the name in lower case. */
public enum DispositionType {
    /** It is shut down in parallel with others. */
    PARALLEL,
    /** It is shut down one by one with others. */
    SERIAL,
    /** It is left to the kernel. */
    KERNEL;

    /** Returns the type of a disposition; that of a device without a driver is {@link #KERNEL}. */
    public static DispositionType of(Disposition disposition) {
        if (disposition instanceof Handled handled) {
            return handled.lane() == Lane.PARALLEL ? PARALLEL : SERIAL;
        }
        return KERNEL;
    }

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
