// SPDX-License-Identifier: Apache-2.0
package org.quiesced.log;

import org.quiesced.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the problems of a configuration, with the place of each in separate fields. */
public final class ConfigProblems {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private ConfigProblems() {}

    /** Logs an error per problem. */
    public static void log(ConfigException invalid) {
        invalid.problems()
                .forEach(problem -> LOG.atError()
                        .addKeyValue("config_file", problem.file())
                        .addKeyValue("config_line", problem.line())
                        .addKeyValue("config_key", problem.key())
                        .log("{}", problem));
    }
}
