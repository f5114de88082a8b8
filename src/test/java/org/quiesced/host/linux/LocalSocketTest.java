// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.LocalListener.Connection;

class LocalSocketTest {
    private static final byte[] WORD = "word".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    @Test
    void writtenBytesAreReadByThePeer() throws IOException {
        try (LocalSocket listener = LocalSocket.listen(directory.resolve("socket"), Optional.empty());
                Connection here = LocalSocket.connect(directory.resolve("socket"));
                Connection there = listener.accept()) {
            here.write(WORD);
            byte[] buffer = new byte[16];

            assertThat(there.read(buffer)).isEqualTo(WORD.length);
            assertThat(buffer).startsWith(WORD);
        }
    }

    @Test
    void readTimesOut() throws IOException {
        try (LocalSocket listener = LocalSocket.listen(directory.resolve("socket"), Optional.empty());
                Connection here = LocalSocket.connect(directory.resolve("socket"));
                Connection there = listener.accept()) {
            here.limitWaiting(Duration.ofMillis(20));

            assertThatThrownBy(() -> here.read(new byte[16])).isInstanceOf(SocketTimeoutException.class);
            there.write(WORD);
            assertThat(here.read(new byte[16])).isEqualTo(WORD.length);
        }
    }

    @Test
    void writeTimesOut() throws IOException {
        try (LocalSocket listener = LocalSocket.listen(directory.resolve("socket"), Optional.empty());
                Connection here = LocalSocket.connect(directory.resolve("socket"));
                Connection there = listener.accept()) {
            assertThat(there.isClosedByPeer()).isFalse();
            here.limitWaiting(Duration.ofMillis(20));

            assertThatThrownBy(() -> here.write(new byte[16_000_000])).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
