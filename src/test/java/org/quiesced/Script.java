// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shell script as it is installed, except for variables that it assigns once at the beginning of a line: the prefix
 * of the machine's files, and limits.
 */
public final class Script {
    private final String text;

    private Script(String text) {
        this.text = text;
    }

    /**
     * Reads a script.
     *
     * @param root the directory that contains the files of the machine
     */
    public static Script of(String file, Path root) throws IOException {
        return new Script(Files.readString(Path.of(file))).with("(?:quiesced_)?prefix", "", root.toString());
    }

    /** Returns the script with a different number as the value of a variable. */
    public Script with(String variable, String value) {
        return with(variable, "\\d+", value);
    }

    private Script with(String variable, String present, String value) {
        Matcher line =
                Pattern.compile("(?m)^(" + variable + "=)" + present + "$").matcher(text);
        assertThat(line.results().count()).as(variable).isEqualTo(1);
        return new Script(line.replaceFirst("$1" + Matcher.quoteReplacement(value)));
    }

    /** Returns the text of the script. */
    public String text() {
        return text;
    }
}
