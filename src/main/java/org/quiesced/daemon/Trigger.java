// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.kernel.RequestPipe;
import org.quiesced.kernel.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from the pipe: {@code early VERB}, and {@code late VERB MARK}, where MARK is a word that each answer begins with, so that no hook
 * takes the answer to another for its own.
 */
final class Trigger {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final RequestPipe pipe;
    private final Shutdowns shutdowns;

    Trigger(RequestPipe pipe, Shutdowns shutdowns) {
        this.pipe = pipe;
        this.shutdowns = shutdowns;
    }

    /**
     * Serves for good.
     *
     * @throws IOException when the pipe ends
     */
    void serve() throws IOException {
        while (true) {
            serveOne();
        }
    }

    /** Serves the next request. */
    void serveOne() throws IOException {
        String request = pipe.read();
        String[] words = request.split(" ");
        Optional<Verb> verb = words.length > 1 ? Verb.ofWord(words[1]) : Optional.empty();
        if (verb.isPresent() && words.length == 2 && words[0].equals("early")) {
            shutdowns.early(verb.get());
        } else if (verb.isPresent() && words.length == 3 && words[0].equals("late")) {
            shutdowns.late(verb.get(), line -> pipe.answer(words[2] + " " + line));
        } else {
            LOG.warn("not a request: \"{}\"", request);
        }
    }
}
