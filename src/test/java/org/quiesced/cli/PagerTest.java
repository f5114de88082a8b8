// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pager is chosen and confined as by systemd's tools. */
class PagerTest {
    @TempDir
    private Path directory;

    private static Pager with(String... variables) {
        Map<String, String> environment = new java.util.HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Pager(environment, false);
    }

    @Test
    void defaultPagerIsLessInSecureMode() {
        assertThat(with().command()).contains(List.of("less"));
        assertThat(with().variables()).isEqualTo(Map.of("LESS", "FRSXMK", "LESSSECURE", "1"));
    }

    @Test
    void optionsComeFromSystemdLessAndNotFromLess() {
        assertThat(with("LESS", "-i", "SYSTEMD_LESS", "FR").variables()).containsEntry("LESS", "FR");
        assertThat(with("LESS", "-i").variables()).containsEntry("LESS", "FRSXMK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "cat"})
    void pagerCanBeSwitchedOff(String pager) {
        assertThat(with("PAGER", pager).command()).isEmpty();
        assertThat(with("SYSTEMD_PAGER", pager, "PAGER", "more").command()).isEmpty();
    }

    @Test
    void dumbTerminalHasNoPager() {
        assertThat(with("TERM", "dumb").command()).isEmpty();
    }

    @Test
    void otherPagersNeedAnExplicitSecureSetting() {
        assertThat(with("PAGER", "most -s").command()).contains(List.of("less"));
        assertThat(with("PAGER", "most -s", "SYSTEMD_PAGERSECURE", "1").command())
                .contains(List.of("most", "-s"));
        assertThat(with("PAGER", "most", "SYSTEMD_PAGER", "more", "SYSTEMD_PAGERSECURE", "1")
                        .command())
                .contains(List.of("more"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUDO_UID", "PKEXEC_UID", "DOAS_USER"})
    void changedUserHasNoPagerWithoutAnExplicitSecureSetting(String variable) {
        assertThat(with(variable, "1000").command()).isEmpty();
        assertThat(with(variable, "1000", "SYSTEMD_PAGERSECURE", "yes").command())
                .contains(List.of("less"));
        assertThat(new Pager(Map.of(), true).command()).isEmpty();
        assertThat(new Pager(Map.of("SYSTEMD_PAGERSECURE", "1"), true).command())
                .contains(List.of("less"));
    }

    @Test
    void secureModeIsSwitchedOffOnlyExplicitly() {
        assertThat(with("SYSTEMD_PAGERSECURE", "true").variables()).containsEntry("LESSSECURE", "1");
        assertThat(with("SYSTEMD_PAGERSECURE", "0").variables()).doesNotContainKey("LESSSECURE");
        assertThat(with("SYSTEMD_PAGERSECURE", "False").variables()).doesNotContainKey("LESSSECURE");
        assertThat(with("SYSTEMD_PAGERSECURE", "what").variables()).containsEntry("LESSSECURE", "1");
    }

    @Test
    void missingProgramIsNotUsedAsPager() {
        assertThat(with("PAGER", "/nonexistent", "SYSTEMD_PAGERSECURE", "1").show(List.of("line")))
                .isFalse();
    }

    @Test
    void pagerIsStartedWithLinesAndEnvironmentAndWithoutAShell() throws IOException {
        Path program = directory.resolve("pager");
        Files.writeString(program, "#!/bin/sh\n{ cat; echo \"$1 $LESS $LESSSECURE\"; } >" + directory + "/seen\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(with("PAGER", program + " $HOME;", "SYSTEMD_PAGERSECURE", "1")
                        .show(List.of("one", "two")))
                .isTrue();
        assertThat(directory.resolve("seen")).hasContent("one\ntwo\n$HOME; FRSXMK 1\n");
    }
}
