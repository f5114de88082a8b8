// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.host.PastJournal;
import org.quiesced.report.Outcome;

/** The record is completed at the next boot from the planned record and the log that pstore kept. */
class CompletionTest extends CompletionFixture {
    @Test
    void pstoreCarriesTheEndOfTheRecord() throws IOException {
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        RecordFiles.Kept kept = completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow();

        ShutdownRecord record = kept.record();
        assertThat(kept.number()).isEqualTo(1);
        assertThat(record.isComplete()).isTrue();
        assertThat(record.carrier()).contains("pstore");
        assertThat(record.devices())
                .extracting(DeviceRecord::outcome)
                .containsExactly(Outcome.DOWN, Outcome.DOWN, Outcome.KERNEL);
        assertThat(record.devices().get(1).took()).contains(3.5);
        assertThat(record.devices().get(2).why()).contains("in use, mounted on /");
        assertThat(files.pending()).isEmpty();
        assertThat(files.read().records()).containsExactly(kept);
    }

    @Test
    void marksAreTimedByTheClockOfTheKernelLog() throws IOException {
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        ShutdownRecord record = completed();

        assertThat(record.at(Mark.FINAL).orElseThrow()).isEqualTo(1.25, within(1e-3));
        assertThat(record.at(Mark.LATE).orElseThrow()).isEqualTo(2, within(1e-3));
        assertThat(record.at(Mark.WALK).orElseThrow()).isEqualTo(6.75, within(1e-3));
        assertThat(record.at(Mark.RESTART).orElseThrow()).isEqualTo(9, within(1e-3));
    }

    @Test
    void laterLogCompletesTheKeptRecord() throws IOException {
        int number =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().number();
        assertThat(completion.complete(NEXT_BOOT, Optional.empty())).isEmpty();
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        RecordFiles.Kept kept = completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow();

        assertThat(kept.number()).isEqualTo(number);
        assertThat(files.read().records()).containsExactly(kept);
        assertThat(kept.record().isComplete()).isTrue();
    }

    @Test
    void lineWithAnImpossibleTimeIsReportedAndLeavesTheRecordAsItWas() throws IOException {
        keepLog("dmesg-ramoops-0", log(SHUTDOWN, 1, 5.5, -500));

        ShutdownRecord record = completed();

        assertThat(record.isComplete()).isFalse();
        assertThat(files.read().records())
                .singleElement()
                .extracting(RecordFiles.Kept::record)
                .isEqualTo(record);
        assertThat(problems)
                .containsExactly("a part of the last shutdown's record is not used, which pstore has:"
                        + " 0000:03:00.0 has a time before the shutdown request");
    }

    /** The machine failed after it had kept the record and before it removed the pending one. */
    @Test
    void shutdownIsKeptOnce() throws IOException {
        completion.complete(NEXT_BOOT, Optional.empty());
        Files.write(files.directory().resolve("pending.json"), Records.planned().json());

        completion.complete(NEXT_BOOT, Optional.empty());

        assertThat(files.read().records()).hasSize(1);
        assertThat(files.pending()).isEmpty();
    }

    @Test
    void damagedPendingRecordIsReportedAndSetAside() throws IOException {
        Files.writeString(files.directory().resolve("pending.json"), "{\"format\": ");

        assertThat(completion.complete(NEXT_BOOT, Optional.empty())).isEmpty();

        assertThat(problems).singleElement().asString().contains("pending.json: damaged: ");
        assertThat(files.directory().resolve("pending.json.damaged")).exists();
        assertThat(files.pending()).isEmpty();
    }

    /** A damaged file does not end the completion of the record before it, and stays as it is. */
    @Test
    void laterLogCompletesTheKeptRecordBeforeADamagedOne() throws IOException {
        completion.complete(NEXT_BOOT, Optional.empty());
        Path damaged = Files.writeString(files.directory().resolve("2.json"), "");
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        RecordFiles.Kept kept = completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow();

        assertThat(kept.number()).isEqualTo(1);
        assertThat(kept.record().isComplete()).isTrue();
        assertThat(damaged).isEmptyFile();
    }

    @Test
    void directoryInPlaceOfThePendingRecordIsReportedAndSetAside() throws IOException {
        Path pending = files.directory().resolve("pending.json");
        Files.delete(pending);
        Files.createDirectory(pending);

        assertThat(completion.complete(NEXT_BOOT, Optional.empty())).isEmpty();
        assertThat(problems).containsExactly(pending + ": not a file");
        assertThat(pending).doesNotExist();
    }

    @Test
    void recordWithoutACarrierIsThePlannedRecord() throws IOException {
        keepLog("dmesg-ramoops-0", List.of("Panic#1 Part1", "<6>[    1.0] something of another boot", "\u0000\u0001"));

        ShutdownRecord record = completed();

        assertThat(record).isEqualTo(Records.planned());
        assertThat(record.isComplete()).isFalse();
        assertThat(record.carrier()).isEmpty();
    }

    /** The shutdown was cancelled, or is in progress. */
    @Test
    void recordOfTheCurrentBootStaysPending() throws IOException {
        assertThat(completion.complete(Records.BOOT, Optional.empty())).isEmpty();
        assertThat(files.pending()).isPresent();
    }

    @Test
    void pendingRecordOfTheNextShutdownStays() throws IOException {
        String next = new String(Records.planned().json(), StandardCharsets.UTF_8).replace(Records.BOOT, NEXT_BOOT);
        PastJournal journal = query -> {
            Files.writeString(files.directory().resolve("pending.json"), next);
            return List.of();
        };

        new Completion(files, List.of(pstore), Optional.of(journal), problems::add)
                .complete(NEXT_BOOT, Optional.empty());

        assertThat(files.read().records()).hasSize(1);
        assertThat(files.pending().orElseThrow().boot()).isEqualTo(NEXT_BOOT);
    }
}
