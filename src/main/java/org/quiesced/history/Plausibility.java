// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks that the times of a record are possible: none is negative, nothing ends before it begins, and nothing happens
 * after the restart.
 *
 * @param record a record whose texts and numbers are valid
 */
record Plausibility(ShutdownRecord record) {
    /** Tolerance between times of one clock, in seconds: they are carried in milliseconds. */
    private static final double ROUNDING = 0.002;

    /**
     * Tolerance between times of two clocks, in seconds: those of the kernel's log are converted by the line with the
     * smallest delay, and on a busy machine a process may get no processor for many seconds before it writes one.
     */
    private static final double SLACK = 60;

    /** Maximum duration of a shutdown, in seconds: 30 days. */
    private static final double LONGEST = 30 * 86_400.0;

    /** Returns what is invalid in the record of a device: a text, or a time that is no number; empty if it is valid. */
    static Optional<String> wrong(DeviceRecord device) {
        boolean textIsWrong =
                Stream.of(device.device(), device.path(), device.label(), device.driver(), device.disposition())
                                .anyMatch(ShutdownRecord::isNoText)
                        || device.outcome() == null
                        || Stream.of(
                                        device.model(),
                                        device.serial(),
                                        device.phase(),
                                        device.deferred(),
                                        device.lane(),
                                        device.reason(),
                                        device.why())
                                .flatMap(Optional::stream)
                                .anyMatch(ShutdownRecord::isNoText)
                        || device.waitsFor().stream().anyMatch(ShutdownRecord::isNoText);
        if (textIsWrong) {
            return Optional.of("a device lacks a text, or has one with control characters");
        }
        boolean timeIsWrong = Stream.of(
                        device.expected(),
                        device.start(),
                        device.flushed(),
                        device.removal(),
                        device.stop(),
                        device.end(),
                        device.usual())
                .flatMap(Optional::stream)
                .anyMatch(time -> !Double.isFinite(time));
        return timeIsWrong ? Optional.of("a time of " + device.device() + " is no number") : Optional.empty();
    }

    /** Returns the first impossible time, in words; empty if there is none. */
    Optional<String> wrong() {
        return negative()
                .or(() -> first(record.marks().entrySet().stream()
                        .flatMap(mark -> at("the mark " + mark.getKey().word(), mark.getValue()))))
                .or(() -> first(record.devices().stream().flatMap(this::device)))
                .or(() -> first(record.walk().stream()
                        .flatMap(walk -> walk.devices().stream())
                        .flatMap(step ->
                                span(step.device() + " in the kernel's walk", Optional.of(step.from()), step.to()))))
                .or(() -> first(record.units().stream()
                        .flatMap(units -> units.slowest().stream())
                        .flatMap(unit -> Stream.concat(
                                order(unit.unit(), Optional.of(unit.from()), Optional.of(unit.to())),
                                at(unit.unit(), unit.to())))));
    }

    private static Optional<String> first(Stream<String> problems) {
        return problems.findFirst();
    }

    private Optional<String> negative() {
        return record.asked() < 0 || record.uptime() < 0 || record.kernelAlone() < 0
                ? Optional.of("a time is negative")
                : Optional.empty();
    }

    private Stream<String> device(DeviceRecord device) {
        String name = device.device();
        boolean isNegative = Stream.of(device.expected(), device.usual())
                .flatMap(Optional::stream)
                .anyMatch(time -> time < 0);
        return Stream.of(
                        isNegative ? Stream.of("an expected time of " + name + " is negative") : Stream.<String>of(),
                        span(name, device.start(), device.end()),
                        span(name, device.start(), device.flushed()),
                        span(name, device.start(), device.removal()),
                        order(name, device.flushed(), ownEnd(device)),
                        order(name, device.removal(), ownEnd(device)),
                        span(name, device.start(), device.stop()),
                        order(name, device.stop(), ownEnd(device)))
                .flatMap(problems -> problems);
    }

    /** Returns the end of a shutdown by quiesced; a device that was left to the kernel may still be in flight. */
    private static Optional<Double> ownEnd(DeviceRecord device) {
        return device.outcome().isOurs() ? device.end() : Optional.empty();
    }

    private Stream<String> span(String what, Optional<Double> from, Optional<Double> to) {
        return Stream.of(from.stream(), to.stream())
                .flatMap(times -> times.flatMap(time -> at(what, time)))
                .findFirst()
                .map(Stream::of)
                .orElseGet(() -> order(what, from, to));
    }

    private static Stream<String> order(String what, Optional<Double> from, Optional<Double> to) {
        return from.isPresent() && to.isPresent() && to.get() < from.get() - ROUNDING
                ? Stream.of(what + " ends before it begins")
                : Stream.of();
    }

    private Stream<String> at(String what, double time) {
        if (time < -SLACK) {
            return Stream.of(what + " has a time before the shutdown request");
        }
        return time > record.at(Mark.RESTART).map(restart -> restart + SLACK).orElse(LONGEST)
                ? Stream.of(what + " has a time after the shutdown")
                : Stream.of();
    }
}
