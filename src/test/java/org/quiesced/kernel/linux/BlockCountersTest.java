// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.kernel.Counters;
import org.quiesced.kernel.Usage.Requests;
import org.quiesced.kernel.Usage.Traffic;

/** Completed and pending requests of a disk are read from its counters. */
class BlockCountersTest {
    private static final Device DISK = new Device("/devices/x/nvme0n1", "block", false, Optional.empty(), Map.of());

    @TempDir
    private Path sys;

    @BeforeEach
    void makeDisk() throws IOException {
        Files.createDirectories(sys.resolve("devices/x/nvme0n1"));
    }

    private Traffic read(String inFlight, String stat) throws IOException {
        Files.writeString(sys.resolve("devices/x/nvme0n1/inflight"), inFlight + "\n");
        Files.writeString(sys.resolve("devices/x/nvme0n1/stat"), stat + "\n");
        return new BlockCounters(sys.toString()).read(DISK);
    }

    @Test
    void readsWritesDiscardsAndFlushesAreCounted() throws IOException {
        String stat =
                "   58811     7652  3371002    21990   523842    56999 19409312    79756        0    33780   115321"
                        + "    90181       45  8856024     5831   125807     7742";

        assertThat(read("       0        0", stat))
                .isEqualTo(new Traffic(
                        new Requests(0, 58811, 3371002), new Requests(0, 523842 + 90181 + 125807, 19409312 + 8856024)));
    }

    @Test
    void olderKernelsHaveFewerCounters() throws IOException {
        assertThat(read("0 0", "1 2 3 4 5 6 7 8 9 10 11"))
                .isEqualTo(new Traffic(new Requests(0, 1, 3), new Requests(0, 5, 7)));
        assertThat(read("0 0", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"))
                .isEqualTo(new Traffic(new Requests(0, 1, 3), new Requests(0, 5 + 12, 7 + 14)));
    }

    @Test
    void requestsInFlightAreRead() throws IOException {
        assertThat(read("       2        3", "0 0 0 0 0 0 0 0 5 0 0"))
                .isEqualTo(new Traffic(new Requests(2, 0, 0), new Requests(3, 0, 0)));
    }

    @Test
    void missingCountersAreAnError() throws IOException {
        assertThatThrownBy(() -> new BlockCounters(sys.toString()).read(DISK))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("/devices/x/nvme0n1/inflight: cannot be read");
        assertThatThrownBy(() -> read("0 0", "1 2 3")).hasMessageContaining("has less than 11 numbers");
        assertThatThrownBy(() -> read("0 0", "1 2 3 4 5 6 7 8 9 10 x")).hasMessageContaining("not numbers");
    }

    @Test
    void vanishedDiskIsNotInUse() throws IOException {
        Traffic before = read("0 0", "1 2 3 4 5 6 7 8 9 10 11");
        Files.delete(sys.resolve("devices/x/nvme0n1/inflight"));
        Files.delete(sys.resolve("devices/x/nvme0n1/stat"));
        Files.delete(sys.resolve("devices/x/nvme0n1"));

        Traffic after = new BlockCounters(sys.toString()).read(DISK);

        assertThat(after).isEqualTo(Traffic.GONE);
        assertThat(after.movedSince(before, 0, 0)).isFalse();
    }

    @Test
    void onlyTheDaemonsOwnFlushesAreNoUse() {
        Traffic before = Counters.reads(0, 100, 800);

        assertThat(Counters.reads(0, 100, 800).movedSince(before, 0, 0)).isFalse();
        assertThat(Counters.reads(0, 101, 800).movedSince(before, 1, 0)).isFalse();
        assertThat(Counters.reads(0, 101, 800).movedSince(before, 0, 0)).isTrue();
        assertThat(Counters.reads(0, 102, 800).movedSince(before, 1, 0)).isTrue();
        assertThat(Counters.reads(0, 101, 808).movedSince(before, 1, 0)).isTrue();
        assertThat(Counters.reads(1, 100, 800).movedSince(before, 0, 0)).isTrue();
        assertThat(Counters.reads(1, 100, 800).movedSince(before, 0, 1)).isFalse();
        assertThat(Counters.reads(2, 100, 800).movedSince(before, 0, 1)).isTrue();
    }

    @Test
    void writesAreNoReads() {
        Traffic before = new Traffic(new Requests(0, 100, 800), new Requests(0, 20, 160));

        assertThat(new Traffic(new Requests(2, 109, 870), new Requests(0, 20, 160)).isUnchangedSince(before))
                .isTrue();
        assertThat(new Traffic(new Requests(0, 100, 800), new Requests(1, 20, 160)).isUnchangedSince(before))
                .isFalse();
        assertThat(new Traffic(new Requests(0, 100, 800), new Requests(0, 21, 160)).isUnchangedSince(before))
                .isFalse();
        assertThat(new Traffic(new Requests(0, 100, 800), new Requests(0, 20, 168)).isUnchangedSince(before))
                .isFalse();
        assertThat(Counters.writes(0, 20, 168).movedSince(Counters.writes(0, 20, 160), 0, 0))
                .isTrue();
    }
}
