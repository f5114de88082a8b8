// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

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
        public int rows() {
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
        public int rows() {
            return LinuxHost.outputRows().orElse(24);
        }
    };

    /** Returns whether the output is a terminal. */
    boolean isThere();

    /** Returns the number of rows. */
    int rows();
}
