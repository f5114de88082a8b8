// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Removes entries from a jar, and replaces others: {@code java packaging/Repack.java JAR PATTERN [DIRECTORY]}. The
 * pattern is a regular expression for the whole names of entries to be removed. A class file below the directory
 * replaces the entry with its name, except for module descriptors. The entries keep their order and get equal times, so
 * that the same input gives the same bytes.
 */
final class Repack {
    /** Independent of the time zone. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Repack() {}

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Pattern unwanted = Pattern.compile(arguments[1]);
        Optional<Path> directory = Arrays.stream(arguments).skip(2).findFirst().map(Path::of);
        int replaced = 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream from = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)));
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            to.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                if (!unwanted.matcher(entry.getName()).matches()) {
                    ZipEntry kept = new ZipEntry(entry.getName());
                    kept.setTimeLocal(EPOCH);
                    to.putNextEntry(kept);
                    Optional<Path> other = replacement(directory, entry.getName());
                    if (other.isPresent()) {
                        Files.copy(other.get(), to);
                        replaced++;
                    } else {
                        from.transferTo(to);
                    }
                    to.closeEntry();
                }
            }
        }
        if (directory.isPresent() && replaced == 0) {
            throw new IOException(directory.get() + " has no class of " + jar);
        }
        Files.write(jar, bytes.toByteArray());
    }

    private static Optional<Path> replacement(Optional<Path> directory, String name) {
        boolean isReplaced = name.endsWith(".class") && !name.endsWith("module-info.class");
        return directory.filter(path -> isReplaced).map(path -> path.resolve(name)).filter(Files::exists);
    }
}
