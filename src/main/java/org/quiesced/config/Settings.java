// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * The settings of a driver or a device. An absent value is taken from a table of lower precedence, or from the
 * defaults.
 *
 * @param shutdown by whom and how the device is shut down
 * @param method the method
 * @param timeout the time limit before the device is left to the kernel
 * @param flush whether its cache is flushed first
 * @param stop whether a SCSI disk is stopped
 * @param phases in which phases
 */
public record Settings(
        Optional<Shutdown> shutdown,
        Optional<Method> method,
        Optional<Timeout> timeout,
        Optional<Flush> flush,
        Optional<Stop> stop,
        Optional<Phases> phases) {

    /** Settings without values. */
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
        /** By quiesced, in parallel with others. */
        PARALLEL,
        /** By quiesced, one after the other. */
        SERIAL,
        /** By the kernel alone. */
        KERNEL
    }

    /** Values of {@code method}. */
    public enum Method {
        /** The method for the driver. */
        AUTO,
        /** Unbind the driver without a flush, except with {@link Flush#ALWAYS}. */
        UNBIND,
        /** Notify an NVMe drive by its registers, without a driver of the kernel. */
        NVME_REGISTERS;

        /** Returns the value in the configuration. */
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
        /** If the device has a volatile write cache. */
        AUTO,
        /** Always. */
        ALWAYS,
        /** Never: the device's shutdown flushes too. */
        NEVER
    }

    /** Values of {@code stop}. */
    public enum Stop {
        /** If the kernel would, by the disk's {@code manage_*} attributes. */
        AUTO,
        /** At each power-off and halt. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /** Returns whether the method is {@code unbind}. */
    public boolean asksToUnbind() {
        return method.equals(Optional.of(Method.UNBIND));
    }

    /** Returns these settings, with absent values taken from others. */
    public Settings orElse(Settings others) {
        return new Settings(
                shutdown.or(others::shutdown),
                method.or(others::method),
                timeout.or(others::timeout),
                flush.or(others::flush),
                stop.or(others::stop),
                phases.or(others::phases));
    }

    /** Returns whether the device may be shut down in a phase of a verb's shutdown; true by default. */
    public boolean isFor(Phase phase, Verb verb) {
        return phases.map(said -> said.allow(phase, verb)).orElse(true);
    }
}
