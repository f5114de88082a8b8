// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration has mistakes; none of it holds. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /** Makes an exception of all mistakes that were found, in the order of their places. */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the mistakes. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
