// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import org.quiesced.device.Printable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** The place of an error in a JSON document, in words. */
public final class JsonPlace {
    private JsonPlace() {}

    /** Returns the path of a value, for example {@code devices[3].path}; empty if it is the whole document. */
    public static String route(JacksonException e) {
        StringBuilder route = new StringBuilder();
        e.getPath().forEach(step -> {
            if (step.getPropertyName() == null) {
                route.append('[').append(step.getIndex()).append(']');
            } else {
                route.append(route.isEmpty() ? "" : ".").append(Printable.brief(step.getPropertyName()));
            }
        });
        return route.toString();
    }

    /**
     * Returns the line and the column, for example {@code  at line 2, column 7}; empty if they are unknown.
     *
     * @param before the words before them
     */
    public static String at(JacksonException e, String before) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : before + "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
