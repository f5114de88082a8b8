// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.report.EventWords.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the sentences of a run. */
final class Sentences {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private Sentences() {}

    static void log(Sentence sentence) {
        switch (sentence.weight()) {
            case DEBUG -> LOG.debug("{}", sentence.text());
            case INFO -> LOG.info("{}", sentence.text());
            case WARNING -> LOG.warn("{}", sentence.text());
        }
    }
}
