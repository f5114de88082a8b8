// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.linux.ScsiGeneric.Result;

/** Outcomes count as done as in {@code sd}. Other outcomes are retried, but never after an error recovery. */
class SyncCacheOutcomeTest {
    private static final Device DISK = new Device("/devices/sda", "block", false, Optional.empty(), Map.of());

    private static final Result GOOD = new Result(0, 0, 0, new byte[0]);
    private static final Result UNIT_ATTENTION = sense(0x6, 0x29, 0x00);
    private static final Result UNKNOWN_COMMAND = sense(0x5, 0x20, 0x00);
    private static final Result WRITE_ERROR = sense(0x3, 0x0C, 0x02);

    private final ArrayDeque<Result> answers = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();

    private static Result sense(int key, int asc, int ascq) {
        return new Result(2, 0, 8, new byte[] {0x72, (byte) key, (byte) asc, (byte) ascq, 0, 0, 0, 0});
    }

    private static Result transport(int code) {
        return new Result(0, code, 0, new byte[0]);
    }

    private Result send(byte[] command) {
        sent.add(HexFormat.of().formatHex(command, 0, 1));
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    private void synchronize(Result... results) throws IOException {
        answers.addAll(List.of(results));
        LinuxScsiCommands.synchronizeCache(DISK, this::send);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "2, 3A, 00, medium not present",
        "2, 3A, 01, medium not present with a closed tray",
        "5, 20, 00, invalid command",
        "5, 74, 71, locked by a password",
        "7, 74, 71, locked by a password under another key",
        "2, 04, 04, format in progress",
        "5, 24, 00, illegal request of another kind"
    })
    void senseThatCountsAsDone(String key, String asc, String ascq, String what) {
        assertThat(SyncCacheOutcome.of(sense(hex(key), hex(asc), hex(ascq))))
                .as(what)
                .isEqualTo(SyncCacheOutcome.DONE);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "6, 29, 00, reset occurred",
        "2, 04, 01, becoming ready",
        "2, 04, 02, start command required",
        "3, 0C, 02, write error",
        "4, 44, 00, internal target failure",
        "B, 00, 00, aborted command",
        "7, 74, 70, another kind of refused access"
    })
    void senseThatIsRetried(String key, String asc, String ascq, String what) {
        assertThat(SyncCacheOutcome.of(sense(hex(key), hex(asc), hex(ascq))))
                .as(what)
                .isEqualTo(SyncCacheOutcome.AGAIN);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "01, DONE, DID_NO_CONNECT",
        "02, AGAIN, DID_BUS_BUSY",
        "03, FAILED, DID_TIME_OUT",
        "04, DONE, DID_BAD_TARGET",
        "05, FAILED, DID_ABORT",
        "07, AGAIN, DID_ERROR",
        "08, FAILED, DID_RESET",
        "0B, AGAIN, DID_SOFT_ERROR",
        "0C, AGAIN, DID_IMM_RETRY",
        "0D, AGAIN, DID_REQUEUE",
        "0E, AGAIN, DID_TRANSPORT_DISRUPTED",
        "0F, AGAIN, DID_TRANSPORT_FAILFAST"
    })
    void transportCodesHaveOutcomes(String code, SyncCacheOutcome outcome, String name) {
        assertThat(SyncCacheOutcome.of(transport(hex(code)))).as(name).isEqualTo(outcome);
    }

    @Test
    void senseDataCountsOnlyWithCheckCondition() {
        Result busy = new Result(8, 0, 0, sense(0x2, 0x3A, 0x00).sense());

        assertThat(SyncCacheOutcome.of(busy)).isEqualTo(SyncCacheOutcome.AGAIN);
    }

    @Test
    void pendingUnitAttentionIsRetried() throws IOException {
        synchronize(UNIT_ATTENTION, UNIT_ATTENTION, GOOD);

        assertThat(sent).containsExactly("35", "35", "35");
    }

    @Test
    void synchronizationFailsAfterThreeAttemptsWithTheLastAnswer() {
        assertThatThrownBy(() -> synchronize(UNIT_ATTENTION, WRITE_ERROR))
                .hasMessage("sda: SYNCHRONIZE CACHE failed: medium error, write error, auto reallocation failed"
                        + " (sense key 3h, ASC 0Ch, ASCQ 02h)");
        assertThat(sent).containsExactly("35", "35", "35");
    }

    @Test
    void synchronizationIsNotRetriedAfterATimeout() {
        assertThatThrownBy(() -> synchronize(transport(0x03)))
                .hasMessage("sda: SYNCHRONIZE CACHE failed: status 00h, transport 03h, driver 00h");
        assertThat(sent).containsExactly("35");
    }

    @Test
    void longFormIsSentWhenTheShortFormIsUnknown() throws IOException {
        synchronize(UNKNOWN_COMMAND, UNIT_ATTENTION, UNIT_ATTENTION, GOOD);

        assertThat(sent).containsExactly("35", "91", "91", "91").hasSize(ScsiCommands.MOST_SYNCHRONIZE_COMMANDS);
    }

    @Test
    void longFormIsSentAfterAnyAttemptWithAnUnknownCommand() throws IOException {
        synchronize(UNIT_ATTENTION, UNKNOWN_COMMAND, UNIT_ATTENTION, GOOD);

        assertThat(sent).containsExactly("35", "35", "91", "91");
    }

    @Test
    void longFormIsSentAfterTheLastAttemptWithTheShortForm() {
        assertThatThrownBy(() -> synchronize(UNIT_ATTENTION, UNIT_ATTENTION, UNKNOWN_COMMAND, WRITE_ERROR))
                .hasMessageContaining("SYNCHRONIZE CACHE failed");
        assertThat(sent).containsExactly("35", "35", "35", "91").hasSize(ScsiCommands.MOST_SYNCHRONIZE_COMMANDS);
    }

    @Test
    void diskThatKnowsNeitherFormHasNoCache() throws IOException {
        synchronize(UNKNOWN_COMMAND, UNKNOWN_COMMAND);

        assertThat(sent).containsExactly("35", "91");
    }

    @Test
    void stopIsRetriedAfterAUnitAttentionAndSucceedsWithoutAMedium() throws IOException {
        answers.addAll(List.of(UNIT_ATTENTION, UNIT_ATTENTION, sense(0x2, 0x3A, 0x00)));
        LinuxScsiCommands.stop(DISK, this::send);

        assertThat(sent).containsExactly("1b", "1b", "1b");
    }

    @Test
    void stopIsNotRetriedAfterAnotherFailure() {
        answers.add(WRITE_ERROR);

        assertThatThrownBy(() -> LinuxScsiCommands.stop(DISK, this::send))
                .hasMessageContaining("START STOP UNIT failed");
        assertThat(sent).containsExactly("1b");
    }

    private static int hex(String number) {
        return Integer.parseInt(number, 16);
    }
}
