// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import picocli.CommandLine.Option;

/** The option {@code --no-pager}. */
final class PagerOption {
    @Option(names = "--no-pager", description = "Do not use a pager.")
    private boolean declined;

    boolean isDeclined() {
        return declined;
    }
}
