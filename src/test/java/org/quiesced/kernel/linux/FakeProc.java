// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that looks like {@code /proc}. */
final class FakeProc {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int READ_WRITE = 2;

    private final Path proc;

    FakeProc(Path proc) throws IOException {
        this.proc = proc;
        Files.createDirectories(proc);
    }

    /** Adds a sleeping process of root with one thread and no files. */
    FakeProc process(int id, String command, String cgroup) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(String.valueOf(id)));
        Files.writeString(directory.resolve("comm"), command + "\n");
        Files.writeString(directory.resolve("cgroup"), cgroup + "\n");
        status(id, "S (sleeping)", "0\t0\t0\t0");
        table(String.valueOf(id));
        maps(id, "");
        return thread(id, id);
    }

    /** Changes the state and the user IDs of a process. */
    FakeProc status(int id, String state, String users) throws IOException {
        Files.writeString(
                proc.resolve(id + "/status"),
                "Name:\tx\nState:\t" + state + "\nUid:\t" + users + "\nGid:\t0\t0\t0\t0\n");
        return this;
    }

    /** Adds a thread with a separate file descriptor table. */
    FakeProc thread(int id, int thread) throws IOException {
        table(id + "/task/" + thread);
        Files.writeString(proc.resolve(id + "/task/" + thread + "/status"), "State:\tS (sleeping)\n");
        return this;
    }

    /** Changes the mappings of a process. */
    FakeProc maps(int id, String lines) throws IOException {
        Files.writeString(proc.resolve(id + "/maps"), lines);
        return this;
    }

    private void table(String directory) throws IOException {
        Files.createDirectories(proc.resolve(directory + "/fd"));
        Files.createDirectories(proc.resolve(directory + "/fdinfo"));
    }

    /** Adds an open file to a process, or to its thread {@code ID/task/THREAD}. */
    FakeProc open(String task, int number, String file, int flags) throws IOException {
        Files.createSymbolicLink(proc.resolve(task + "/fd/" + number), Path.of(file));
        Files.writeString(
                proc.resolve(task + "/fdinfo/" + number), "pos:\t0\nflags:\t0" + Integer.toOctalString(flags) + "\n");
        return this;
    }
}
