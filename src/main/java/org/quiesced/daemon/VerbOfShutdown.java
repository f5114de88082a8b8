// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.history.AtomicFile;
import org.quiesced.host.SystemManager;
import org.quiesced.shutdown.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines the verb of a shutdown for the scripts of units, so that each need not execute systemctl(1): asks the
 * system manager, and publishes the verb in the file {@code verb} from the beginning of a shutdown to its cancellation.
 * Thread-safe.
 */
final class VerbOfShutdown {
    /** The word in place of a verb in a request of a script that leaves the query to the daemon. */
    static final String UNKNOWN = "?";

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final SystemManager manager;
    private final Path file;
    /** The verb of the shutdown that has begun and was not cancelled. */
    private Optional<Verb> begun = Optional.empty();

    /**
     * Creates an instance, and removes the file of an earlier daemon.
     *
     * @param directory the directory that the daemon and the scripts share
     */
    VerbOfShutdown(SystemManager manager, Path directory) {
        this.manager = manager;
        this.file = directory.resolve("verb");
        withdraw();
    }

    /**
     * Returns the verb that a request names or, for {@code ?}, that of the shutdown in progress, within five seconds.
     * If the system manager does not answer, that is the shutdown that has begun: its cancellation is not noticed then
     * either.
     *
     * @return empty if there is none
     */
    Optional<Verb> of(String word) {
        if (!word.equals(UNKNOWN)) {
            return Verb.ofWord(word);
        }
        try {
            Optional<Verb> verb = manager.verb();
            if (verb.isEmpty()) {
                LOG.info("systemd reports no shutdown of the machine; nothing is done");
            }
            return verb;
        } catch (IOException e) {
            Optional<Verb> known = begun();
            LOG.info(
                    "systemd cannot be queried for the shutdown ({}); {}",
                    e.getMessage(),
                    known.map(verb -> "it was " + verb.word()).orElse("nothing is done"));
            return known;
        }
    }

    /** Returns the verb of the shutdown that has begun and was not cancelled. */
    synchronized Optional<Verb> begun() {
        return begun;
    }

    /** Publishes the verb of a shutdown that begins. Best effort: without the file the scripts ask systemctl(1). */
    synchronized void publish(Verb verb) {
        begun = Optional.of(verb);
        try {
            AtomicFile.write(file, (verb.word() + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debug("the verb cannot be written: {}", e.getMessage());
            remove();
        }
    }

    /** Removes the file: no shutdown is in progress any more. */
    synchronized void withdraw() {
        begun = Optional.empty();
        remove();
    }

    private void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("the file of the verb cannot be removed: {}", e.getMessage());
        }
    }
}
