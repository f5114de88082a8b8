// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DBusMessageTest {
    /** The message that busctl (systemd 252) sends to get the property. */
    private static final String GET =
            "6c01000138000000020000009000000001016f00190000002f6f72672f667265656465736b746f702f73797374"
                    + "656d64310000000000000003017300030000004765740000000000020173001f0000006f72672e667265656465736b746f702e444275732e"
                    + "50726f706572746965730006017300180000006f72672e667265656465736b746f702e73797374656d643100000000000000000801670002"
                    + "737300200000006f72672e667265656465736b746f702e73797374656d64312e4d616e61676572000000000b00000053797374656d537461"
                    + "746500";

    /** The answer of dbus-daemon (1.14) to call 1: the string ":1.0". */
    private static final String ANSWER =
            "6c02010109000000010000003d00000006017300040000003a312e3000000000050175000100000008"
                    + "0167000173000007017300140000006f72672e667265656465736b746f702e4442757300000000040000003a312e3000";

    /** The signal that follows the answer. */
    private static final String SIGNAL =
            "6c04010109000000020000008d00000001016f00150000002f6f72672f667265656465736b746f702f"
                    + "4442757300000002017300140000006f72672e667265656465736b746f702e4442757300000000030173000c0000004e616d654163717569"
                    + "7265640000000006017300040000003a312e3000000000080167000173000007017300140000006f72672e667265656465736b746f702e44"
                    + "42757300000000040000003a312e3000";

    /** The answer of dbus-daemon to call 2, which is of an unknown method. */
    private static final String REFUSAL =
            "6c0301013e000000030000007500000006017300040000003a312e300000000004017300280000006f"
                    + "72672e667265656465736b746f702e444275732e4572726f722e556e6b6e6f776e4d6574686f640000000000000000050175000200000008"
                    + "0167000173000007017300140000006f72672e667265656465736b746f702e4442757300000000390000006f72672e667265656465736b74"
                    + "6f702e4442757320646f6573206e6f7420756e6465727374616e64206d657373616765204e6f6e73656e736500";

    static byte[] bytes(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal);
    }

    private static DBusMessage message(String hexadecimal) throws IOException {
        return DBusMessage.of(bytes(hexadecimal));
    }

    @Test
    void callEqualsThatOfSystemdsLibrary() {
        DBusMessage.Method get = new DBusMessage.Method(
                "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "Get");

        byte[] call = DBusMessage.call(2, get, "org.freedesktop.systemd1.Manager", "SystemState");

        assertThat(HexFormat.of().formatHex(call)).isEqualTo(GET);
    }

    @Test
    void lengthIsReadFromTheHeader() throws IOException {
        for (String message : new String[] {GET, ANSWER, SIGNAL, REFUSAL}) {
            byte[] all = bytes(message);

            assertThat(DBusMessage.length(Arrays.copyOf(all, DBusMessage.FIXED)))
                    .isEqualTo(all.length);
        }
    }

    @Test
    void answerMatchesTheSerialOfItsCall() throws IOException {
        assertThat(message(ANSWER).answers(1)).isTrue();
        assertThat(message(ANSWER).answers(2)).isFalse();
        assertThat(message(REFUSAL).answers(2)).isTrue();
        assertThat(message(SIGNAL).answers(1)).as("a signal is no answer").isFalse();
        assertThat(message(GET).answers(0)).as("nor is a call").isFalse();
    }

    @Test
    void valueOfAnAnswerIsRead() throws IOException {
        assertThat(message(ANSWER).value()).isEqualTo(":1.0");
    }

    @Test
    void valueInAVariantIsRead() throws IOException {
        // Header: an answer of 16 bytes to call 1, of type v. Body: the type s, and a string of 8 bytes.
        String variant = "6c0201011100000001000000" + "0f000000" + "0501750001000000" + "0801670001760000" + "01730000"
                + "08000000" + "73746f7070696e6700";

        assertThat(message(variant).answers(1)).isTrue();
        assertThat(message(variant).value()).isEqualTo("stopping");
    }

    @Test
    void pathOfAStructureInAVariantIsRead() throws IOException {
        // The type (uo), padded to a multiple of 8, the number 7, and a path of 2 bytes.
        String variant = "6c0201011300000001000000" + "0f000000" + "0501750001000000" + "0801670001760000"
                + "0428756f29000000" + "07000000" + "02000000" + "2f3700";

        assertThat(message(variant).value()).isEqualTo("/7");
    }

    @Test
    void errorReplyHasItsMessage() throws IOException {
        DBusMessage refusal = message(REFUSAL);

        assertThatThrownBy(refusal::value)
                .isInstanceOf(IOException.class)
                .hasMessage("org.freedesktop.DBus does not understand message Nonsense");
    }

    @Test
    void truncatedMessageIsAnError() throws IOException {
        byte[] whole = bytes(ANSWER);
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> DBusMessage.of(part).value())
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void otherProtocolIsAnError() {
        assertThatThrownBy(() -> DBusMessage.length("HTTP/1.1 400 Bad".getBytes()))
                .isInstanceOf(IOException.class)
                .hasMessage("not a D-Bus message");
    }
}
