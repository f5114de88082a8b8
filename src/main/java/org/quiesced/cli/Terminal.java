// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Objects;
import org.quiesced.host.linux.LinuxHost;

/** The terminal that the output goes to, if it is one. */
interface Terminal {
    /** The output is a file or a pipe. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public boolean isDrawnOn() {
            return false;
        }

        @Override
        public int rows() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int columns() {
            return Integer.MAX_VALUE;
        }
    };

    /** The standard output of the process. */
    Terminal STANDARD_OUTPUT = new Terminal() {
        @Override
        public boolean isThere() {
            return LinuxHost.outputIsTerminal();
        }

        @Override
        public boolean isDrawnOn() {
            String type = Objects.requireNonNullElse(System.getenv("TERM"), "");
            return isThere() && !type.isEmpty() && !type.equals("dumb");
        }

        @Override
        public int rows() {
            return LinuxHost.outputRows().orElse(24);
        }

        @Override
        public int columns() {
            return LinuxHost.outputColumns().orElse(80);
        }
    };

    /** Returns whether the output is a terminal. */
    boolean isThere();

    /** Returns whether it is a terminal whose cursor can be moved. */
    boolean isDrawnOn();

    /** Returns the number of rows. */
    int rows();

    /** Returns the number of columns. */
    int columns();
}
