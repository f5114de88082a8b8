// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * What the configuration says of one driver or device. What is absent is left to whatever else says something of it, at
 * last to the defaults.
 *
 * @param shutdown who shuts the device down, and how
 * @param method by which means
 * @param timeout how long that may take before the device is left to the kernel
 * @param flush whether to flush its cache first
 * @param stop whether to stop a SCSI disk
 * @param phases in which phases
 */
public record Settings(
        Optional<Shutdown> shutdown,
        Optional<Method> method,
        Optional<Timeout> timeout,
        Optional<Flush> flush,
        Optional<Stop> stop,
        Optional<Phases> phases) {

    /** Settings that say nothing. */
    public static final Settings NONE = new Settings(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Keys that only the tables of some drivers have. */
    public enum Key {
        /** {@link Settings#flush}. */
        FLUSH,
        /** {@link Settings#stop}. */
        STOP
    }

    /** Values of {@code shutdown}. */
    public enum Shutdown {
        /** By us, at the same time as others. */
        PARALLEL,
        /** By us, one after the other. */
        SERIAL,
        /** By the kernel, as without us. */
        KERNEL
    }

    /** Values of {@code method}. */
    public enum Method {
        /** The method that is made for the driver. */
        AUTO,
        /** Take the driver off the device, and flush nothing unless {@link Flush#ALWAYS} is said. */
        UNBIND,
        /** Notify an NVMe drive by its registers, which no driver of the kernel does. */
        NVME_REGISTERS;

        /** Returns the word for it in the configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A value of {@code timeout}.
     *
     * @param limit the limit; empty for {@code auto}, which derives it from the device and its driver
     */
    public record Timeout(Optional<Duration> limit) {}

    /** Values of {@code flush}. */
    public enum Flush {
        /** Where there is a volatile write cache. */
        AUTO,
        /** In any case. */
        ALWAYS,
        /** Leave it to the shutdown itself, which flushes too. */
        NEVER
    }

    /** Values of {@code stop}. */
    public enum Stop {
        /** Where the kernel would: as the disk's {@code manage_*} attributes say. */
        AUTO,
        /** At each power-off and halt. */
        ALWAYS,
        /** Not at all. */
        NEVER
    }

    /** Returns whether the method is {@code unbind}. */
    public boolean asksToUnbind() {
        return method.equals(Optional.of(Method.UNBIND));
    }

    /** Returns these settings, and where they say nothing, the given ones. */
    public Settings orElse(Settings others) {
        return new Settings(
                shutdown.or(others::shutdown),
                method.or(others::method),
                timeout.or(others::timeout),
                flush.or(others::flush),
                stop.or(others::stop),
                phases.or(others::phases));
    }

    /** Returns whether the device may go down in that phase of that verb's shutdown; where nothing is said it may. */
    public boolean isFor(Phase phase, Verb verb) {
        return phases.map(said -> said.allow(phase, verb)).orElse(true);
    }
}
