// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The hook is added to an exitrd of another program if that executes hooks; otherwise nothing changes. */
class ForeignExitrdScriptTest extends ExitrdTest {
    /** Makes an exitrd like that of another program: with a different shutdown program, and without the hook. */
    private void somebodyElseHasMadeOne(String shutdown) throws Exception {
        exitrd("make");
        Files.delete(run.resolve("exitrd"));
        Files.delete(exitrd.resolve("." + directory.resolve("usr/lib/systemd/system-shutdown/quiesced")));
        program("run/initramfs/shutdown", shutdown);
        Files.writeString(directory.resolve("proc/mounts"), "");
    }

    @Test
    void foreignExitrdWithoutHooksIsLeftUnchanged() throws Exception {
        somebodyElseHasMadeOne("exit 0");

        assertThat(exitrd("make")).contains("left to the kernel: the exitrd that is there has no place for the hook");
        assertThat(run.resolve("exitrd")).doesNotExist();
    }

    @Test
    void hookIsAddedToAnExitrdThatExecutesHooksOfSystemd() throws Exception {
        somebodyElseHasMadeOne(": /usr/lib/systemd/system-shutdown");

        assertThat(exitrd("make")).contains("the hook is in the exitrd that is there");
        assertThat(run.resolve("exitrd")).exists();
        assertThat(exitrd.resolve("usr/lib/systemd/system-shutdown/quiesced")).isExecutable();
    }

    @Test
    void hookIsAddedToAnExitrdOfDracut() throws Exception {
        somebodyElseHasMadeOne("exit 0");
        Path hooks = Files.createDirectories(exitrd.resolve("usr/lib/dracut/hooks/shutdown"));

        assertThat(exitrd("make")).contains("the hook is in the exitrd that is there");
        assertThat(run.resolve("exitrd")).exists();
        assertThat(hooks.resolve("99-quiesced.sh")).exists();
        assertThat(exitrd.resolve("usr/lib/quiesced/hook")).isExecutable();
    }

    @Test
    void drivesAreLeftToTheKernelWhenTheHookDoesNotStartInAForeignExitrd() throws Exception {
        somebodyElseHasMadeOne(": /usr/lib/systemd/system-shutdown");
        Files.delete(exitrd.resolve("usr/bin/sh"));

        assertThat(exitrd("make")).contains("left to the kernel: the hook cannot be executed");
        assertThat(run.resolve("exitrd")).doesNotExist();
    }

    /**
     * Sources the hook for dracut as dracut does; returns how often the shutdown hook was executed.
     *
     * @param others names of the other hooks that are left
     * @param last what dracut passes at its last attempt; empty before that
     */
    private long dracut(String others, String last) throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/exitrd-dracut", directory).text();
        program("usr/lib/quiesced/hook", "echo \"executed $1\"");
        Path file = directory.resolve("99-quiesced.sh");
        Files.writeString(file, script);
        Path hooks = Files.createDirectories(directory.resolve("var/lib/dracut/hooks/shutdown"));
        Files.createFile(hooks.resolve("99-quiesced.sh"));
        for (String other : others.split(" ")) {
            Files.createFile(hooks.resolve(other + ".sh"));
        }
        // Depending on its release, dracut sets a variable or passes an argument.
        long byVariable = sourced("final=\"$1\" . " + file, last);
        long byArgument = sourced("check() { . " + file + " \"$1\"; }; check \"$1\"", last);
        assertThat(byArgument).isEqualTo(byVariable);
        return byVariable;
    }

    private static long sourced(String command, String last) throws IOException, InterruptedException {
        return Programs.output(new ProcessBuilder("sh", "-c", "ACTION=reboot; " + command + "; :", "sh", last))
                .lines()
                .filter("executed reboot"::equals)
                .count();
    }

    @Test
    void hookIsLastInAnExitrdOfDracut() throws Exception {
        assertThat(dracut("30-dm", "")).isZero();
    }

    @Test
    void hookIsExecutedInAnExitrdOfDracutAfterFailures() throws Exception {
        assertThat(dracut("30-dm", "final")).isEqualTo(1);
    }
}
