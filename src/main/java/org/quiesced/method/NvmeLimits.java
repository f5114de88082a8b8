// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.kernel.Drivers;

/**
 * The time limits of the {@code nvme} driver, which are parameters of its module {@code nvme_core} ({@code
 * drivers/nvme/host/core.c}). They also apply to commands that quiesced sends through the driver: when a limit expires,
 * the driver aborts the command or resets the controller ({@code nvme_timeout} in {@code drivers/nvme/host/pci.c}).
 *
 * @param admin limit of an admin command ({@code admin_timeout})
 * @param io limit of a flush ({@code io_timeout})
 * @param shutdown minimum time that the driver waits for a drive to complete its shutdown ({@code shutdown_timeout})
 */
record NvmeLimits(Duration admin, Duration io, Duration shutdown) {
    /** The driver's defaults. */
    public static final NvmeLimits DEFAULT =
            new NvmeLimits(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(5));

    /**
     * Maximum time that the driver waits for a drive that reports an RTD3 entry latency ({@code nvme_init_identify}).
     */
    static final Duration MOST = Duration.ofSeconds(60);

    /** Additional time that the driver needs to free queues and remove namespaces. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /**
     * Upper limit of all waiting times, that of the configuration: a parameter of 136 years ({@code
     * io_timeout=4294967295}, which some clouds set) means no limit.
     */
    private static final Duration LONGEST = Config.LONGEST;

    private static final String MODULE = "nvme_core";

    /** Reads the driver's present limits. */
    public static NvmeLimits of(Drivers drivers) {
        return new NvmeLimits(
                read(drivers, "admin_timeout", DEFAULT.admin),
                read(drivers, "io_timeout", DEFAULT.io),
                shutdownOf(drivers));
    }

    /** Reads only the minimum time that the driver waits for a drive to complete its shutdown. */
    static Duration shutdownOf(Drivers drivers) {
        return read(drivers, "shutdown_timeout", DEFAULT.shutdown);
    }

    private static Duration read(Drivers drivers, String name, Duration otherwise) {
        return drivers.parameter(MODULE, name)
                .filter(text -> text.matches("\\d{1,10}"))
                .map(text -> shorter(Duration.ofSeconds(Long.parseLong(text)), LONGEST))
                .orElse(otherwise);
    }

    /**
     * Returns how long the driver waits for a drive to complete its shutdown: the drive's RTD3 entry latency in whole
     * seconds, but at least {@code shutdown_timeout}, and then at most 60 s; {@code shutdown_timeout} if the drive
     * reports none.
     */
    public Duration shutdownWait(Optional<Duration> reported) {
        return reported.map(time -> shorter(longer(Duration.ofSeconds(time.toSeconds()), shutdown), MOST))
                .orElse(shutdown);
    }

    /**
     * Returns the maximum shutdown time of a drive: the reported time, at most the time that the driver waits.
     *
     * @param reported the drive's RTD3 entry latency
     */
    public Duration expected(Duration reported) {
        return shorter(reported, shutdownWait(Optional.of(reported)));
    }

    /**
     * Returns the time limit of a controller's whole shutdown: one Identify, a flush per namespace, one after the
     * other, and the shutdown of the drive.
     *
     * @param namespaces number of namespaces to flush
     * @param reported the drive's RTD3 entry latency
     */
    Duration patience(int namespaces, Optional<Duration> reported) {
        return shorter(
                admin.plus(io.multipliedBy(namespaces))
                        .plus(shutdownWait(reported))
                        .plus(MARGIN),
                LONGEST);
    }

    /**
     * Returns the time limit of the unbind: the admin commands that delete the queues, with one limit for all ({@code
     * nvme_disable_io_queues} in {@code drivers/nvme/host/pci.c}), and the shutdown of the drive. {@code
     * nvme_dev_disable} also waits for requests in flight, up to the limit of one, but there are none.
     *
     * @param shutdownWait the result of {@link #shutdownWait}
     */
    Duration removal(Duration shutdownWait) {
        return shorter(admin.plus(shutdownWait).plus(MARGIN), LONGEST);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
