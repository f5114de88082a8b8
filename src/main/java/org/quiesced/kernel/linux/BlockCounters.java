// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import org.quiesced.device.Device;
import org.quiesced.kernel.Usage;
import org.quiesced.linux.PseudoFile;

/**
 * The counters of disks in sysfs. {@code Documentation/block/stat.rst} describes the fields of {@code stat}: 11 on
 * every kernel, 15 with discards (4.18), 17 with flushes (5.5). {@code inflight} contains the requests that read and
 * those that write. A disk whose {@code queue/iostats} is 0 counts nothing, so its counters prove nothing.
 */
final class BlockCounters {
    private static final int READS = 0;
    private static final int SECTORS_READ = 2;
    private static final int WRITES = 4;
    private static final int SECTORS_WRITTEN = 6;
    private static final int FEWEST_FIELDS = 11;
    private static final int DISCARDS = 11;
    private static final int SECTORS_DISCARDED = 13;
    private static final int FLUSHES = 15;

    private final String sys;

    BlockCounters(String sys) {
        this.sys = sys;
    }

    /**
     * Reads the counters of a disk.
     *
     * @return {@link Usage.Traffic#GONE} if the disk does not exist
     * @throws IOException if the disk exists and its counters cannot be read
     */
    Usage.Traffic read(Device disk) throws IOException {
        String directory = sys + disk.path();
        try {
            long[] inFlight = numbers(directory + "/inflight", 2);
            long[] stat = numbers(directory + "/stat", FEWEST_FIELDS);
            return new Usage.Traffic(
                    new Usage.Requests(inFlight[0], stat[READS], stat[SECTORS_READ]),
                    new Usage.Requests(
                            inFlight[1],
                            stat[WRITES] + field(stat, DISCARDS) + field(stat, FLUSHES),
                            stat[SECTORS_WRITTEN] + field(stat, SECTORS_DISCARDED)));
        } catch (IOException e) {
            if (!new File(directory).exists()) {
                return Usage.Traffic.GONE;
            }
            throw e;
        }
    }

    private static long field(long[] fields, int index) {
        return index < fields.length ? fields[index] : 0;
    }

    private static long[] numbers(String file, int atLeast) throws IOException {
        String text = PseudoFile.read(file)
                .orElseThrow(() -> new IOException(file + ": cannot be read"))
                .strip();
        String[] words = text.split("\\s+");
        if (words.length < atLeast) {
            throw new IOException(file + ": has less than " + atLeast + " numbers: \"" + text + "\"");
        }
        long[] numbers = new long[words.length];
        try {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Long.parseLong(words[i]);
            }
        } catch (NumberFormatException e) {
            throw new IOException(file + ": not numbers: \"" + text + "\"", e);
        }
        return numbers;
    }
}
