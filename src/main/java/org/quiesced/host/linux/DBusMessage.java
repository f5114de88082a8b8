// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The part of D-Bus's wire format that is needed for a method call with strings, and for its reply (D-Bus
 * Specification, "Message Protocol").
 */
final class DBusMessage {
    /** Length of the header's fixed part with the length of its fields, in bytes. */
    static final int FIXED = 16;

    private static final int VERSION = 1;
    private static final int METHOD_CALL = 1;
    private static final int METHOD_RETURN = 2;
    private static final int ERROR = 3;
    private static final int SIGNAL = 4;

    private static final int PATH = 1;
    private static final int INTERFACE = 2;
    private static final int MEMBER = 3;
    private static final int REPLY_SERIAL = 5;
    private static final int DESTINATION = 6;
    private static final int SIGNATURE = 8;

    /** Maximum length of a message that is sent, in bytes. */
    private static final int LONGEST = 1024;

    private final ByteBuffer buffer;
    private int type;
    private String replySerial = "";
    private String signature = "";

    private DBusMessage(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** The address of a method. */
    record Method(String destination, String path, String interfaceName, String member) {}

    /**
     * Encodes a method call.
     *
     * @param serial its serial number on the connection, from 1
     * @param arguments at least one; all are strings
     */
    static byte[] call(int serial, Method method, String... arguments) {
        DBusMessage body = new DBusMessage(ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN));
        for (String argument : arguments) {
            body.string(argument);
        }
        DBusMessage message = new DBusMessage(ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN));
        ByteBuffer buffer = message.buffer;
        buffer.put((byte) 'l').put((byte) METHOD_CALL).put((byte) 0).put((byte) VERSION);
        buffer.putInt(body.buffer.position()).putInt(serial).putInt(0);
        message.field(PATH, "o", method.path());
        message.field(MEMBER, "s", method.member());
        message.field(INTERFACE, "s", method.interfaceName());
        message.field(DESTINATION, "s", method.destination());
        message.field(SIGNATURE, "g", "s".repeat(arguments.length));
        buffer.putInt(FIXED - Integer.BYTES, buffer.position() - FIXED);
        message.align(8);
        buffer.put(body.buffer.flip());
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    private void field(int code, String type, String value) {
        align(8);
        buffer.put((byte) code);
        signature(type);
        if (type.equals("g")) {
            signature(value);
        } else {
            string(value);
        }
    }

    private void string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        align(4);
        buffer.putInt(bytes.length).put(bytes).put((byte) 0);
    }

    private void signature(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        buffer.put((byte) bytes.length).put(bytes).put((byte) 0);
    }

    private void align(int boundary) {
        while (buffer.position() % boundary != 0) {
            buffer.put((byte) 0);
        }
    }

    /**
     * Returns the length of a message, in bytes.
     *
     * @param start its first {@link #FIXED} bytes
     * @throws IOException if they are not the start of a message
     */
    static long length(byte[] start) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(start).order(order(start[0]));
        long fields = Integer.toUnsignedLong(buffer.getInt(FIXED - Integer.BYTES));
        return FIXED + (fields + 7) / 8 * 8 + Integer.toUnsignedLong(buffer.getInt(4));
    }

    /**
     * Returns whether a message is a signal.
     *
     * @param start its first {@link #FIXED} bytes
     */
    static boolean isSignal(byte[] start) {
        return start[1] == SIGNAL;
    }

    private static ByteOrder order(byte mark) throws IOException {
        return switch (mark) {
            case 'l' -> ByteOrder.LITTLE_ENDIAN;
            case 'B' -> ByteOrder.BIG_ENDIAN;
            default -> throw new IOException("not a D-Bus message");
        };
    }

    /**
     * Decodes a message.
     *
     * @param bytes the whole message
     * @throws IOException if it is malformed
     */
    static DBusMessage of(byte[] bytes) throws IOException {
        DBusMessage message = new DBusMessage(ByteBuffer.wrap(bytes).order(order(bytes[0])));
        try {
            message.readHeader();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw broken(e);
        }
        return message;
    }

    private void readHeader() throws IOException {
        type = buffer.get(1);
        int end = FIXED + buffer.getInt(FIXED - Integer.BYTES);
        buffer.position(FIXED);
        while (buffer.position() < end) {
            skipTo(8);
            int code = buffer.get();
            String value = readValue(readSignature());
            if (code == REPLY_SERIAL) {
                replySerial = value;
            } else if (code == SIGNATURE) {
                signature = value;
            }
        }
        skipTo(8);
    }

    private String readValue(String type) throws IOException {
        return switch (type) {
            case "s", "o" -> readString();
            case "g" -> readSignature();
            case "(uo)" -> {
                // A structure is aligned to 8 bytes.
                skipTo(8);
                buffer.getInt();
                yield readString();
            }
            case "u" -> {
                skipTo(4);
                yield Integer.toString(buffer.getInt());
            }
            default -> throw new IOException("a D-Bus message with a value of type " + type);
        };
    }

    /** Returns whether this is the reply to a call. */
    boolean answers(int serial) {
        return (type == METHOD_RETURN || type == ERROR) && replySerial.equals(Integer.toString(serial));
    }

    /**
     * Returns the first value of the reply: a string or object path, which may be in a variant; or, of a number and an
     * object path, the path. To be called once.
     *
     * @throws IOException if the reply is an error, with its text, or has another value
     */
    String value() throws IOException {
        try {
            if (type == ERROR) {
                throw new IOException(signature.startsWith("s") ? readString() : "systemd refuses it");
            }
            return readValue(signature.equals("v") ? readSignature() : signature);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw broken(e);
        }
    }

    private static IOException broken(RuntimeException e) {
        return new IOException("a broken D-Bus message", e);
    }

    private String readString() {
        skipTo(4);
        byte[] bytes = new byte[bounded(buffer.getInt())];
        buffer.get(bytes).get();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String readSignature() {
        byte[] bytes = new byte[bounded(Byte.toUnsignedInt(buffer.get()))];
        buffer.get(bytes).get();
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private int bounded(int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    private void skipTo(int boundary) {
        buffer.position((buffer.position() + boundary - 1) / boundary * boundary);
    }
}
