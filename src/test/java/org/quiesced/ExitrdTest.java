// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Makes an exitrd on a machine whose root drives are to be shut down. */
abstract class ExitrdTest {
    /** Refuses to work like systemd-shutdown, which must be the first process. */
    static final String REFUSES = "echo 'Not executed by init (PID 1). Refusing to operate.' >&2; exit 1";

    static final String HOOK = "echo 'quiesced: the system is not at the end of a shutdown; nothing is done' >&2";

    @TempDir
    Path directory;

    Path bin;
    Path run;
    Path exitrd;
    Process daemon;

    @BeforeEach
    void aMachineThatRestarts() throws IOException {
        bin = Files.createDirectories(directory.resolve("bin"));
        run = Files.createDirectories(directory.resolve("run/quiesced"));
        exitrd = directory.resolve("run/initramfs");
        daemon = new ProcessBuilder("sleep", "1000").start();
        Files.writeString(run.resolve("pid"), daemon.pid() + " 4\n");
        Files.writeString(run.resolve("root-drives"), "0000:01:00.0\n");
        for (String file : new String[] {"dev/kmsg", "proc/mounts"}) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.createFile(directory.resolve(file));
        }
        program("bin/early", "echo reboot");
        program("bin/mount", "echo \"quiesced-exitrd " + exitrd + " tmpfs rw\" >>" + directory.resolve("proc/mounts"));
        program(
                "bin/umount",
                "[ $1 != --version ] || exit 0; rm -rf " + exitrd + "; : >" + directory.resolve("proc/mounts"));
        // Changing the root requires root: here, that of a user namespace.
        program("bin/chroot", "PATH=${PATH#*:}; exec unshare --map-root-user chroot \"$@\"");
        Files.copy(Path.of("packaging/bin/exitrd-dracut"), bin.resolve("exitrd-dracut"));
        Files.copy(Path.of("packaging/bin/exitrd-shutdown"), bin.resolve("exitrd-shutdown"));
        program("usr/lib/systemd/systemd-shutdown", REFUSES);
        program("usr/lib/systemd/system-shutdown/quiesced", HOOK);
    }

    @AfterEach
    void endIt() {
        daemon.destroyForcibly();
    }

    void program(String path, String text) throws IOException {
        Programs.write(directory.resolve(path), text);
    }

    /** Runs the script; returns its standard output. */
    String exitrd(String verb) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(verb);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        return Programs.output(builder);
    }

    /** Runs the script where no program can be executed; returns its standard output and errors. */
    String exitrdWithoutPrograms(String verb) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(verb).redirectErrorStream(true);
        builder.environment().put("PATH", directory.resolve("nothing").toString());
        return Programs.output(builder);
    }

    private ProcessBuilder builder(String verb) throws IOException {
        String script = Script.of("packaging/bin/exitrd", directory).text();
        Path file = Files.writeString(bin.resolve("exitrd"), script);
        return new ProcessBuilder("/bin/sh", file.toString(), verb);
    }
}
