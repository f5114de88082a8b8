// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;

/**
 * The kernel's messages from {@code /dev/kmsg}, one record per read ({@code Documentation/ABI/testing/dev-kmsg}).
 * Reading it needs {@code CAP_SYSLOG} if {@code kernel.dmesg_restrict} is set. A mark only opens the file and seeks to
 * its end; records are read on demand.
 */
final class KmsgReader implements KernelMessages {
    /**
     * Maximum length of a record, {@code CONSOLE_EXT_LOG_MAX} of {@code include/linux/printk.h}; since Linux 6.4 {@code
     * PRINTK_MESSAGE_MAX}, 2048.
     */
    private static final int RECORD = 8192;

    /** Maximum number of records that are read, because a log may grow as fast as it is read. */
    private static final int MOST_RECORDS = 100_000;

    private final String path;

    KmsgReader(Path dev) {
        this.path = dev + "/kmsg";
    }

    @Override
    public Mark mark() {
        try {
            return new Opened(openAtEnd());
        } catch (ErrnoException e) {
            return new Unreadable();
        }
    }

    private NativeFile openAtEnd() throws ErrnoException {
        NativeFile file = NativeFile.open(path);
        try {
            file.seekToEnd();
            return file;
        } catch (ErrnoException e) {
            file.close();
            throw e;
        }
    }

    /** Returns the text of a record: the part between its prefix and the lines about its device. */
    static String text(String record) {
        String text = record.substring(record.indexOf(';') + 1);
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private record Opened(NativeFile file) implements Mark {
        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < MOST_RECORDS; i++) {
                try {
                    byte[] record = file.read(RECORD);
                    if (record.length == 0) {
                        break;
                    }
                    lines.add(text(new String(record, StandardCharsets.UTF_8)));
                } catch (ErrnoException e) {
                    // EAGAIN: the end of the log. EPIPE: some records were overwritten; the next read returns the
                    // oldest remaining one.
                    if (e.errno() != ErrnoException.EPIPE) {
                        break;
                    }
                }
            }
            return lines;
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private record Unreadable() implements Mark {
        @Override
        public List<String> lines() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
