// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import picocli.CommandLine.Option;

/** The option of a verb whose output may be long. */
final class PagerOption {
    @Option(names = "--no-pager", description = "Do not page the output.")
    private boolean declined;

    boolean isDeclined() {
        return declined;
    }
}
