// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.util.Optional;
import org.quiesced.device.Printable;
import org.quiesced.kernel.User;
import org.quiesced.linux.PseudoFile;

/**
 * A process in procfs; each method reads its state at the time of the call. The command line is never read, because
 * that may block.
 */
final class Task {
    private final String directory;
    private final String id;

    Task(String proc, String id) {
        this.directory = proc + "/" + id;
        this.id = id;
    }

    /**
     * Returns the name of its executable, truncated to 15 characters ({@code TASK_COMM_LEN}); empty if the process is
     * gone.
     */
    Optional<String> command() {
        return PseudoFile.read(directory + "/comm");
    }

    /** Returns its control group, relative to the root of systemd's hierarchy. */
    ControlGroup group() {
        return ControlGroup.parse(PseudoFile.read(directory + "/cgroup").orElse(""));
    }

    /** Returns whether all of its user IDs are 0. */
    boolean isOfRoot() {
        return field("Uid:").map(text -> text.matches("0\\s+0\\s+0\\s+0")).orElse(false);
    }

    /** Returns whether it is gone or a zombie, which has no files. */
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

    /** Returns the process as the opener of a node. Any process can set its name. */
    User.Opener opener() {
        ControlGroup group = group();
        return new User.Opener(Integer.parseInt(id), command().map(Printable::of), group.unit(), group.container());
    }
}
