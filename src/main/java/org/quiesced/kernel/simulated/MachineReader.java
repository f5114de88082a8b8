// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.quiesced.device.Printable;
import org.quiesced.kernel.JsonPlace;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Reads a machine from a file, and reports the problem of an invalid file with its place. Not thread-safe. */
final class MachineReader {
    /**
     * Maximum size of a file, in bytes: more than a machine of 60,000 devices needs, and less than half of the
     * command's heap.
     */
    private static final int LARGEST = 64 << 20;

    private static final String NOT_ONE = ": not a captured machine: ";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private static final Pattern DUPLICATE = Pattern.compile("Duplicate Object property \"(.*)\"", Pattern.DOTALL);

    private final Path path;

    MachineReader(Path path) {
        this.path = path;
    }

    /**
     * Reads the machine.
     *
     * @throws IOException if the file cannot be read or is invalid; its message is one line
     */
    Machine read() throws IOException {
        byte[] text = text();
        checkEncoding(text);
        try {
            return new MachineCheck(MAPPER.readValue(text, MachineFile.class)).machine();
        } catch (JacksonException e) {
            throw new IOException(path + NOT_ONE + explain(e, text), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + NOT_ONE + e.getMessage(), e);
        }
    }

    private byte[] text() throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": Is a directory");
        }
        try (InputStream file = Files.newInputStream(path)) {
            // An endless file of another format is rejected by its start.
            byte[] start = file.readNBytes(4096);
            checkStart(start);
            byte[] text = new SequenceInputStream(new ByteArrayInputStream(start), file).readNBytes(LARGEST + 1);
            if (text.length > LARGEST) {
                throw new IOException(path + NOT_ONE + "it is larger than " + (LARGEST >> 20) + " MB");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": No such file or directory", e);
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": Permission denied", e);
        }
    }

    /** Checks that the first byte except for white space is a brace, as a machine is a JSON object. */
    private void checkStart(byte[] start) throws IOException {
        for (int i = 0; i < start.length; i++) {
            byte b = start[i];
            if (b == '{') {
                return;
            }
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                String kind = b == '[' || b == '"' ? "not a JSON object" : "not JSON";
                throw new IOException(path + NOT_ONE + kind + placeOf(start, i));
            }
        }
        throw new IOException(path + NOT_ONE + (start.length == 0 ? "the file is empty" : "the file is blank"));
    }

    /** Checks that the text is UTF-8 (RFC 8259, section 8.1). */
    private void checkEncoding(byte[] text) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(text);
        CharBuffer out = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new IOException(path + NOT_ONE + "not JSON" + placeOf(text, in.position()));
        }
    }

    private static String placeOf(byte[] text, int position) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < position; i++) {
            if (text[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return " at line " + line + ", column " + (position - start + 1) + " (" + shown(text[position]) + ")";
    }

    private static String explain(JacksonException e, byte[] text) {
        String message = e.getOriginalMessage();
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "unknown key " + JsonPlace.route(e) + JsonPlace.at(e, ", at ") + near(unknown);
        }
        if (message.startsWith("Trailing token")) {
            return "there is more after the machine" + JsonPlace.at(e, ", at ");
        }
        if (e instanceof DatabindException) {
            return (JsonPlace.route(e).isEmpty() ? "a value" : "the value of " + JsonPlace.route(e))
                    + " has the wrong type" + JsonPlace.at(e, ", at ");
        }
        if (e instanceof UnexpectedEndOfInputException || message.startsWith("Unexpected end-of-input")) {
            return "the file ends in the middle" + JsonPlace.at(e, ", at ");
        }
        if (e instanceof StreamConstraintsException) {
            return "JSON nested too deeply, or with a number or text that is too long" + JsonPlace.at(e, ", at ");
        }
        Matcher twice = DUPLICATE.matcher(message);
        if (twice.lookingAt()) {
            return "the key \"" + Printable.brief(twice.group(1)) + "\" stands twice" + JsonPlace.at(e, ", at ");
        }
        TokenStreamLocation location = e.getLocation();
        long offset = location == null ? -1 : location.getByteOffset();
        return "not JSON" + JsonPlace.at(e, " at ")
                + (offset >= 0 && offset < text.length ? " (" + shown(text[(int) offset]) + ")" : "");
    }

    private static String near(UnrecognizedPropertyException unknown) {
        return unknown.getKnownPropertyIds() == null
                ? ""
                : "; known are "
                        + unknown.getKnownPropertyIds().stream()
                                .map(Object::toString)
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    private static String shown(byte b) {
        return b > ' ' && b < 0x7f ? "found " + (char) b : String.format(Locale.ROOT, "byte 0x%02X", b);
    }
}
