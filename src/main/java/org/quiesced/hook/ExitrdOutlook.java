// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The forecast whether the next shutdown will have an exitrd, in which the root drives go down. {@code bin/exitrd},
 * which runs outside the daemon's root file system, writes it to the file {@code exitrd-outlook}: {@code yes}, or
 * {@code no} and the reason.
 */
public final class ExitrdOutlook {
    private static final String NO = "no ";
    private static final String UNKNOWN = "it is not known whether there will be one";

    private final Path file;

    /**
     * Creates an instance; reads nothing.
     *
     * @param directory the directory of the file
     */
    public ExitrdOutlook(Path directory) {
        this.file = directory.resolve("exitrd-outlook");
    }

    /** Returns why there will be no exitrd; empty if there will be one. An unknown forecast counts as a reason. */
    public Optional<String> obstacle() {
        Optional<String> words = read();
        return words.equals(Optional.of("yes"))
                ? Optional.empty()
                : Optional.of(why(words).orElse(UNKNOWN));
    }

    /** Returns why there will be no exitrd; empty if there will be one, or if that is unknown. */
    public Optional<String> knownObstacle() {
        return why(read());
    }

    private static Optional<String> why(Optional<String> words) {
        return words.filter(text -> text.startsWith(NO)).map(text -> text.substring(NO.length()));
    }

    private Optional<String> read() {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
