// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.device.Printable;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Outcome;
import org.quiesced.report.ReasonType;

/**
 * The item of a device in a {@link CarriedLine}: {@code
 * NAME,PHASE[+DEFERRED],START,FLUSHED,REMOVAL,[STOP,]END,OUTCOME[,REASON,WORDS]}, with times in milliseconds since the
 * shutdown request, one letter for why it was deferred and for its outcome, and words in URL encoding. The letter of
 * the outcome is a capital if the device went down on the serial lane.
 */
final class CarriedDevice {
    /** Maximum length of a reason, in characters. */
    private static final int LONGEST_REASON = 60;

    /** The number of fields of a device that is not stopped and has no reason. */
    private static final int FIELDS = 7;

    private static final Map<Outcome, String> OUTCOMES = Map.of(
            Outcome.DOWN, "d",
            Outcome.NOT_STOPPED, "s",
            Outcome.NOT_NOTIFIED, "n",
            Outcome.UNCONFIRMED, "u",
            Outcome.KERNEL, "k",
            Outcome.IN_FLIGHT, "f",
            Outcome.UNKNOWN, "?");

    private static final Map<String, String> DEFERRALS = Map.of(
            ReasonType.IN_USE.word(), "u",
            ReasonType.USE_UNKNOWN.word(), "k",
            ReasonType.NOT_RELEASED.word(), "n",
            ReasonType.OTHER_PHASE.word(), "o",
            ReasonType.HELD_BACK.word(), "h",
            ReasonType.NOT_WORKING.word(), "w",
            ReasonType.SUSPENDED.word(), "s",
            ReasonType.OWNED.word(), "p",
            ReasonType.OTHER_DRIVER.word(), "d");

    private CarriedDevice() {}

    /** Returns the item of a device. */
    static String item(Progressed device) {
        String phase = device.phase().orElse("")
                + device.deferred()
                        .flatMap(type -> Optional.ofNullable(DEFERRALS.get(type)))
                        .map(letter -> "+" + letter)
                        .orElse("");
        boolean isSerial =
                device.lane().filter(DispositionType.SERIAL.word()::equals).isPresent();
        String outcome = Objects.requireNonNull(OUTCOMES.get(device.outcome()));
        Stream<String> fields = Stream.of(
                        Stream.of(encoded(device.device()), phase),
                        Stream.of(device.start(), device.flushed(), device.removal())
                                .map(CarriedDevice::milliseconds),
                        device.stop().map(at -> milliseconds(device.stop())).stream(),
                        Stream.of(milliseconds(device.end()), isSerial ? outcome.toUpperCase(Locale.ROOT) : outcome),
                        device.reason().stream()
                                .flatMap(reason -> Stream.of(
                                        reason, encoded(limited(device.why().orElse(""))))))
                .flatMap(part -> part);
        return fields.collect(Collectors.joining(","));
    }

    private static String limited(String reason) {
        // URL encoding would turn any other character into up to nine.
        String words = reason.replaceAll("[^ -~]", "?");
        return words.length() <= LONGEST_REASON ? words : words.substring(0, LONGEST_REASON - 3) + "...";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%3A", ":");
    }

    private static String milliseconds(Optional<Double> seconds) {
        return seconds.map(value -> String.valueOf(Math.round(value * 1e3))).orElse("");
    }

    /**
     * Parses an item.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static Progressed parse(String item) {
        String[] fields = item.split(",", -1);
        boolean isStopped = fields.length % 2 == 0;
        int outcome = isStopped ? FIELDS : FIELDS - 1;
        boolean hasReason = fields.length == outcome + 3;
        if (fields.length != outcome + 1 && !hasReason) {
            throw new IllegalArgumentException("not a device: " + item);
        }
        String[] phase = fields[1].split("\\+", 2);
        Optional<Double> start = seconds(fields[2]);
        boolean isSerial = !fields[outcome].equals(fields[outcome].toLowerCase(Locale.ROOT));
        return new Progressed(
                decoded(fields[0]),
                Optional.of(phase[0]).filter(word -> !word.isEmpty()),
                phase.length > 1 ? Optional.of(keyOf(DEFERRALS, phase[1])) : Optional.empty(),
                start.map(at -> (isSerial ? DispositionType.SERIAL : DispositionType.PARALLEL).word()),
                start,
                seconds(fields[3]),
                seconds(fields[4]),
                isStopped ? seconds(fields[5]) : Optional.empty(),
                seconds(fields[outcome - 1]),
                keyOf(OUTCOMES, fields[outcome].toLowerCase(Locale.ROOT)),
                hasReason ? Optional.of(fields[outcome + 1]) : Optional.empty(),
                hasReason ? Optional.of(decoded(fields[outcome + 2])) : Optional.empty());
    }

    private static <T> T keyOf(Map<T, String> letters, String letter) {
        return letters.entrySet().stream()
                .filter(entry -> entry.getValue().equals(letter))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no letter of a device: " + letter));
    }

    /**
     * Decodes text and replaces control characters: any process that can write to the kernel's log can forge a line,
     * and the text is shown on a terminal.
     */
    private static String decoded(String text) {
        return Printable.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    }

    private static Optional<Double> seconds(String milliseconds) {
        return milliseconds.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(milliseconds) / 1e3);
    }
}
