// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The parameters of a call. A parameter whose value is null counts as absent. Immutable. */
public final class Parameters {
    private final JsonNode values;

    private Parameters(JsonNode values) {
        this.values = values;
    }

    /**
     * Returns the parameters of a method.
     *
     * @param names the names of the method's parameters
     * @throws VarlinkException if there is another parameter, or the parameters are not an object
     */
    public static Parameters of(JsonNode values, String... names) throws VarlinkException {
        boolean absent = values.isMissingNode() || values.isNull();
        if (!absent && !values.isObject()) {
            throw StandardErrors.invalidParameter("parameters");
        }
        Set<String> known = Set.of(names);
        for (String name : values.propertyNames()) {
            if (!known.contains(name)) {
                throw StandardErrors.invalidParameter(name);
            }
        }
        return new Parameters(values);
    }

    /**
     * Returns a string parameter; empty if absent.
     *
     * @throws VarlinkException if it is something else
     */
    public Optional<String> text(String name) throws VarlinkException {
        JsonNode value = values.path(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw StandardErrors.invalidParameter(name);
        }
        return Optional.of(value.asString());
    }

    /**
     * Returns an integer parameter; empty if absent.
     *
     * @throws VarlinkException if it is something else, or is not from {@code least} to {@code most}
     */
    public OptionalInt integer(String name, int least, int most) throws VarlinkException {
        JsonNode value = values.path(name);
        if (isAbsent(value)) {
            return OptionalInt.empty();
        }
        boolean isInRange = value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= least
                && value.intValue() <= most;
        if (!isInRange) {
            throw StandardErrors.invalidParameter(name);
        }
        return OptionalInt.of(value.intValue());
    }

    /**
     * Returns a Boolean parameter; false if absent.
     *
     * @throws VarlinkException if it is something else
     */
    public boolean isSet(String name) throws VarlinkException {
        JsonNode value = values.path(name);
        if (!isAbsent(value) && !value.isBoolean()) {
            throw StandardErrors.invalidParameter(name);
        }
        return !isAbsent(value) && value.booleanValue();
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
