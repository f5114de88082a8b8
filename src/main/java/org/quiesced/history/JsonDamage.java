// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.nio.charset.StandardCharsets;
import org.quiesced.kernel.JsonPlace;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;

/** Describes why a file of JSON cannot be read. */
final class JsonDamage {
    private JsonDamage() {}

    /**
     * Returns for example {@code invalid JSON in line 2, column 7}, {@code a wrong value of devices[0].start} or
     * {@code the file is empty}.
     *
     * @param content the content of the file
     */
    static String of(JacksonException e, byte[] content) {
        if (new String(content, StandardCharsets.UTF_8).isBlank()) {
            return "the file is empty";
        }
        if (e instanceof StreamReadException) {
            return "invalid JSON" + JsonPlace.at(e, " in ");
        }
        String route = JsonPlace.route(e);
        return "a wrong value" + (route.isEmpty() ? "" : " of " + route);
    }
}
