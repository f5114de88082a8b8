// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import org.quiesced.host.linux.LinuxHost;

/** Whether a person looks at the output, and how much of it fits on the screen. */
interface Terminal {
    /** No terminal: a file or a pipe. */
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

    /** The standard output, whatever it is. */
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

    /** Returns how many rows it has. */
    int rows();
}
