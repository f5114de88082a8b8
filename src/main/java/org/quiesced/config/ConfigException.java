// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is invalid, and none of it is applied. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /**
     * Creates an exception.
     *
     * @param problems all problems, in the order of their places
     */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
