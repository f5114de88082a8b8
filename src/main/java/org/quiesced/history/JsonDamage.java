// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import org.quiesced.kernel.JsonPlace;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;

/** Describes why a file of JSON cannot be read. */
public final class JsonDamage {
    private JsonDamage() {}

    /** Returns for example {@code invalid JSON in line 2, column 7} or {@code a wrong value of devices[0].start}. */
    public static String of(JacksonException e) {
        if (e instanceof StreamReadException) {
            return "invalid JSON" + JsonPlace.at(e, " in ");
        }
        String route = JsonPlace.route(e);
        return "a wrong value" + (route.isEmpty() ? "" : " of " + route);
    }
}
