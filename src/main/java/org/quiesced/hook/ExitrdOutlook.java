// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether there will be an exitrd at the next shutdown, in which the root drives go down. {@code bin/exitrd}, which
 * works outside of the daemon's own root file system, writes it to the file {@code exitrd-outlook}: {@code yes}, or
 * {@code no} and why.
 */
public final class ExitrdOutlook {
    private static final String NO = "no ";
    private static final String UNKNOWN = "it is not known whether there will be one";

    private final Path file;

    /**
     * Makes it.
     *
     * @param directory where the file may be
     */
    public ExitrdOutlook(Path directory) {
        this.file = directory.resolve("exitrd-outlook");
    }

    /** Returns why there will be no exitrd, if that is so, or if it is not known. */
    public Optional<String> obstacle() {
        Optional<String> words = read();
        return words.equals(Optional.of("yes"))
                ? Optional.empty()
                : Optional.of(why(words).orElse(UNKNOWN));
    }

    /** Returns why there will be no exitrd, if that is known. */
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
