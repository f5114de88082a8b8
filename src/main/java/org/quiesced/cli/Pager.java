// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The program that shows long output, as systemd's tools choose it (systemctl(1), section ENVIRONMENT).
 *
 * <ul>
 *   <li>{@code SYSTEMD_PAGER}, else {@code PAGER}: empty or {@code cat} disables the pager. A program other than
 *       {@code less} requires {@code SYSTEMD_PAGERSECURE} to be set.
 *   <li>{@code SYSTEMD_LESS}: the options of {@code less}; {@code FRSXMK} by default.
 *   <li>{@code SYSTEMD_PAGERSECURE}: whether {@code less} runs in its secure mode, in which it starts no other
 *       program. If unset, the mode is secure, and no pager is started if the user has changed identity, for
 *       example by sudo(8).
 * </ul>
 *
 * @param environment the environment of this process
 * @param becameAnother whether the user of the process differs from the login user
 */
record Pager(Map<String, String> environment, boolean becameAnother) {
    /**
     * F: exit if the text fits on the screen. R: show colours. S: truncate long lines. X: do not clear the screen. M:
     * show the position. K: exit on Ctrl-C.
     */
    private static final String OPTIONS = "FRSXMK";

    /** Environment variables that sudo(8), pkexec(1) and doas(1) set. */
    private static final List<String> BECAME = List.of("SUDO_UID", "PKEXEC_UID", "DOAS_USER");

    private static final Set<String> NO = Set.of("0", "no", "n", "false", "f", "off");

    /** Exit status of a shell if a command is not found. */
    private static final int NOT_FOUND = 127;

    Pager {
        environment = Map.copyOf(environment);
    }

    /** Returns the command and its arguments; empty if the output is not to be paged. */
    Optional<List<String>> command() {
        Optional<String> wanted = Stream.of("SYSTEMD_PAGER", "PAGER")
                .flatMap(name -> value(name).stream())
                .findFirst();
        boolean declined =
                wanted.map(text -> text.isBlank() || text.equals("cat")).orElse(false);
        if (declined || value("TERM").map("dumb"::equals).orElse(false)) {
            return Optional.empty();
        }
        if (value("SYSTEMD_PAGERSECURE").isPresent()) {
            return Optional.of(wanted.map(text -> Arrays.asList(text.strip().split("\\s+")))
                    .orElse(List.of("less")));
        }
        return becameAnother || BECAME.stream().anyMatch(environment::containsKey)
                ? Optional.empty()
                : Optional.of(List.of("less"));
    }

    /** Returns the environment variables that are set for the pager. */
    Map<String, String> variables() {
        Map<String, String> variables =
                new HashMap<>(Map.of("LESS", value("SYSTEMD_LESS").orElse(OPTIONS)));
        boolean secure = value("SYSTEMD_PAGERSECURE")
                .map(text -> !NO.contains(text.toLowerCase(Locale.ROOT)))
                .orElse(true);
        if (secure) {
            variables.put("LESSSECURE", "1");
        }
        return variables;
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    /**
     * Shows lines and waits until the pager ends.
     *
     * @return false if there is no pager or it cannot be started
     */
    boolean show(List<String> lines) {
        Optional<List<String>> command = command();
        if (command.isEmpty()) {
            return false;
        }
        ProcessBuilder builder = new ProcessBuilder(command.get())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("LESSSECURE");
        builder.environment().putAll(variables());
        try {
            Process process = builder.start();
            try (PrintWriter text =
                    new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
                lines.forEach(text::println);
            }
            return process.waitFor() != NOT_FOUND;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
