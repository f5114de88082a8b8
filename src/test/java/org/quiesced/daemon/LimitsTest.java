// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.config.Config;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HookTalk;
import org.quiesced.host.SystemManager;

/**
 * Deadline, heartbeat and silence limits are each defined once. The hook, the shipped configuration and the pages state
 * the same values.
 */
class LimitsTest {
    private static final Path HOOK = Path.of("systemd/system-shutdown/quiesced");
    private static final Path SHIPPED = Path.of("config/quiesced.toml");

    @TempDir
    private Path directory;

    private static long seconds(Duration duration) {
        assertThat(duration).as("a whole number of seconds").isEqualTo(Duration.ofSeconds(duration.toSeconds()));
        return duration.toSeconds();
    }

    /** Returns the value of a variable in the hook's script. */
    private static Duration hook(String name) throws IOException {
        Matcher matcher = Pattern.compile("(?m)^" + name + "=(\\d+)$").matcher(Files.readString(HOOK));
        assertThat(matcher.find()).as(name).isTrue();
        return Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    }

    /** Returns the text of a file without line breaks, marks of comments and escapes. */
    private static String text(String path) throws IOException {
        return Files.readString(Path.of(path)).replaceAll("\\n#? *", " ").replace("\\-", "-");
    }

    @Test
    void runEndsBeforeTheHookAndTheHookBeforeTheLimitOfSystemd() throws IOException {
        assertThat(Config.DEFAULT_DEADLINE).isLessThan(Config.LONGEST_DEADLINE);
        assertThat(Config.LONGEST_DEADLINE).isLessThan(hook("limit"));
        assertThat(hook("limit")).isLessThan(HookLimit.USUAL);
        assertThat(hook("limit").plusSeconds(3))
                .as("as it counts from a known limit")
                .isEqualTo(HookLimit.USUAL);
        assertThat(Files.readString(HOOK)).contains("limit=$((theirs - 3))");
    }

    @Test
    void hookToleratesSeveralMissedHeartbeats() throws IOException {
        assertThat(hook("answer")).isGreaterThanOrEqualTo(HookTalk.HEARTBEAT.multipliedBy(2));
        assertThat(hook("silence")).isGreaterThanOrEqualTo(HookTalk.HEARTBEAT.multipliedBy(6));
    }

    @Test
    void headOfTheHookStatesTheLimits() throws IOException {
        assertThat(text(HOOK.toString()))
                .contains("waits for it for at most " + seconds(HookLimit.USUAL) + " seconds")
                .contains("each half a second (HookTalk.HEARTBEAT)");
        assertThat(HookTalk.HEARTBEAT).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void shippedFileAndPagesStateTheLimits() throws IOException {
        String longest = seconds(Config.LONGEST_DEADLINE) + "s";
        String usual = seconds(Config.DEFAULT_DEADLINE) + "s";
        assertThat(Files.readString(SHIPPED))
                .contains("\ndeadline = \"" + usual + "\"\n")
                .contains("How long the late phase may take, from the request")
                .contains("1s to " + longest + ", for systemd kills its hooks after " + seconds(HookLimit.USUAL) + "s");
        assertThat(text("packaging/man/quiesced.toml.5")).contains("1s to " + longest + ", " + usual + " by default");
        assertThat(text("packaging/man/quiesced.8"))
                .contains("does not answer within " + seconds(hook("answer")) + " s")
                .contains("says nothing for " + seconds(hook("silence")) + " to "
                        + seconds(hook("silence").multipliedBy(2)) + " s");
        assertThat(text("src/doc/operation.md"))
                .contains("within its deadline (" + seconds(Config.DEFAULT_DEADLINE) + " s; systemd would end it after "
                        + seconds(HookLimit.USUAL) + " s)")
                .contains("does not answer the hook within " + seconds(hook("answer")) + " s");
    }

    /** Returns the value of a variable of a script, in seconds. */
    private static long figure(String script, String variable) throws IOException {
        return Long.parseLong(group("(?m)^" + variable + "=(\\d+)$", script));
    }

    private static String group(String pattern, String file) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        assertThat(matcher.find()).as(file + ": " + pattern).isTrue();
        return matcher.group(1);
    }

    private static Duration stopLimit(String unit) throws IOException {
        return Duration.ofSeconds(Long.parseLong(group("(?m)^TimeoutStopSec=(\\d+)s$", "systemd/" + unit)));
    }

    @Test
    void unitsGiveTheirScriptsTheTimeThatTheseTake() throws IOException {
        assertThat(stopLimit("quiesced-release.service").toSeconds())
                .isGreaterThan(figure("packaging/bin/release", "patience") + figure("packaging/bin/release", "limit"));
        long tenths = Long.parseLong(group("\\$tenths -lt (\\d+) \\]", "packaging/bin/early"));
        assertThat(stopLimit("quiesced-network.service")).isGreaterThan(Duration.ofMillis(100 * tenths));
    }

    @Test
    void scriptsTakeSystemdsDefaultForAHooksLimit() throws IOException {
        assertThat(group("DefaultTimeoutStopSec=..45.\\|(\\d+)", "packaging/bin/early"))
                .isEqualTo(String.valueOf(seconds(SystemManager.DEFAULT_TIMEOUT)));
        assertThat(text("systemd/quiesced.service"))
                .contains("the " + seconds(SystemManager.DEFAULT_TIMEOUT) + " s of DefaultTimeoutStopSec=");
    }

    @Test
    void theMainThreadHasTheStackOfTheOthers() throws IOException {
        String option = "-Xss" + Threads.STACK_BYTES / 1024 + "k";
        assertThat(Files.readString(Path.of("packaging/quiesced.options"))).contains("\n" + option + "\n");
        assertThat(Files.readString(Path.of("packaging/bin/quiescectl"))).contains(" " + option + " ");
    }

    @Test
    void unitAndScriptKnowTheExitStatusOfAnInvalidConfiguration() throws IOException {
        String status = String.valueOf(Quiesced.INVALID_CONFIG);
        assertThat(group("(?m)^RestartPreventExitStatus=(\\d+)$", "systemd/quiesced.service"))
                .isEqualTo(status);
        assertThat(group("EXIT_STATUS-}\" != (\\d+)", "packaging/bin/lifeboat")).isEqualTo(status);
        assertThat(Files.readString(Path.of("packaging/man/quiesced.8")))
                .contains("\n" + status + " if the configuration");
    }

    @ParameterizedTest
    @CsvSource({
        "90,0,80,80",
        "90,0,85,85",
        "45,0,80,40",
        "45,0,30,30",
        "4,0,80,1",
        "junk,0,80,80",
        "'',0,80,80",
        "90,5,80,80",
        "90,20,80,65",
        "90,20,30,30",
        "45,20,80,20",
        "45,60,80,1"
    })
    void deadlineFollowsTheHookLimitAndTheTimeSpent(String known, int spent, int configured, int expected)
            throws IOException {
        Files.writeString(directory.resolve("hook-limit"), known + "\n");

        assertThat(new HookLimit(directory).deadline(Duration.ofSeconds(configured), Duration.ofSeconds(spent)))
                .isEqualTo(Duration.ofSeconds(expected));
    }

    @Test
    void unknownHookLimitIsTheUsualLimit() {
        assertThat(new HookLimit(directory).deadline(Config.LONGEST_DEADLINE, Duration.ZERO))
                .isEqualTo(Config.LONGEST_DEADLINE);
    }
}
