// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.stream.Collectors;
import org.quiesced.config.ConfigProblem;

/** An error of the interface {@code org.quiesced.Control}; its components are the parameters. */
public sealed interface ControlError {
    /** The name of the interface, and of the socket. */
    String INTERFACE = "org.quiesced.Control";

    /** Returns the name of the error without that of the interface. */
    String name();

    /** Returns the message, one line or several. */
    String describe();

    /** The configuration is invalid; the previous one stays in force. */
    record InvalidConfiguration(List<ConfigProblem> problems) implements ControlError {
        /** The name of the error. */
        public static final String NAME = "InvalidConfiguration";

        /** Copies the list. */
        public InvalidConfiguration {
            problems = List.copyOf(problems);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String describe() {
            return problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n"))
                    + "\nthe configuration is invalid; the previous one stays in force";
        }
    }

    /** The machine could not be read again; the previous configuration stays in force. */
    record ReadFailed(String message) implements ControlError {
        /** The name of the error. */
        public static final String NAME = "ReadFailed";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String describe() {
            return message + "; the previous configuration stays in force";
        }
    }

    /**
     * Events were lost because the caller did not read them in time.
     *
     * @param waiting the capacity of the queue
     */
    record EventsLost(int waiting) implements ControlError {
        /** The name of the error. */
        public static final String NAME = "EventsLost";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String describe() {
            return "events were lost: more than " + waiting + " were waiting";
        }
    }

    /** A method failed because of a defect of the daemon, whose log has the details. */
    record InternalError(String method) implements ControlError {
        /** The name of the error. */
        public static final String NAME = "InternalError";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String describe() {
            return "the daemon failed at " + method
                    + ", which is a defect: please report it with the output of \"journalctl -u quiesced.service\"";
        }
    }
}
