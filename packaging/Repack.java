// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Removes entries from a jar: {@code java packaging/Repack.java JAR PATTERN}. The pattern is a regular expression for
 * whole names. The other entries keep their order and get the same time each, so that the same jar gives the same
 * bytes.
 */
final class Repack {
    /** The same in each time zone. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Repack() {}

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Pattern unwanted = Pattern.compile(arguments[1]);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream from = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)));
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            to.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                if (!unwanted.matcher(entry.getName()).matches()) {
                    ZipEntry kept = new ZipEntry(entry.getName());
                    kept.setTimeLocal(EPOCH);
                    to.putNextEntry(kept);
                    from.transferTo(to);
                    to.closeEntry();
                }
            }
        }
        Files.write(jar, bytes.toByteArray());
    }
}
