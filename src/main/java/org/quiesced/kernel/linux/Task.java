// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.util.Optional;
import org.quiesced.kernel.User;
import org.quiesced.linux.PseudoFile;

/**
 * A process, as procfs shows it at the time of each call. Its command line is never asked for: that may wait for the
 * process.
 */
final class Task {
    private final String directory;
    private final String id;

    Task(String proc, String id) {
        this.directory = proc + "/" + id;
        this.id = id;
    }

    /**
     * Returns the name of its executable, cut to 15 characters ({@code TASK_COMM_LEN}), or nothing if the process is
     * gone.
     */
    Optional<String> command() {
        return PseudoFile.read(directory + "/comm");
    }

    /** Returns its control group, from the root of the hierarchy that systemd keeps. */
    ControlGroup group() {
        return ControlGroup.parse(PseudoFile.read(directory + "/cgroup").orElse(""));
    }

    /** Returns whether all of its user identifiers are those of root. */
    boolean isOfRoot() {
        return field("Uid:").map(text -> text.matches("0\\s+0\\s+0\\s+0")).orElse(false);
    }

    /** Returns whether it is gone, or has ended but for its exit status; it has no files then. */
    boolean hasEnded() {
        return field("State:")
                .map(text -> text.startsWith("Z") || text.startsWith("X"))
                .orElseGet(() -> !new File(directory).exists());
    }

    private Optional<String> field(String name) {
        return PseudoFile.read(directory + "/status")
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith(name))
                        .map(line -> line.substring(name.length()).strip())
                        .findFirst());
    }

    /** Returns the process as one that has a node open. */
    User.Opener opener() {
        ControlGroup group = group();
        return new User.Opener(Integer.parseInt(id), command().map(Task::printable), group.unit(), group.container());
    }

    /** Each process chooses its name: what it has of control characters must not get into a log. */
    private static String printable(String name) {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
