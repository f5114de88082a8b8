// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private Path file(String name) throws IOException {
        return Files.write(directory.resolve(name), "before".repeat(PAGE).getBytes());
    }

    private static void overwrite(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("behind".repeat(PAGE).getBytes()));
        }
    }

    private static MappedByteBuffer map(Path file, FileChannel.MapMode mode) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(mode, 0, channel.size());
        }
    }

    @Test
    void copiedMappingKeepsItsContent() throws IOException {
        Path file = file("classes.jsa");
        MappedByteBuffer mapped = map(file, FileChannel.MapMode.PRIVATE);
        mapped.put(1, (byte) 'E');

        MappedFiles.copy("/classes.jsa");
        overwrite(file);

        byte[] seen = new byte[mapped.capacity()];
        mapped.get(0, seen);
        assertThat(new String(seen)).startsWith("bEfore").endsWith("before");
        assertThat(new String(seen, 1, seen.length - 1)).doesNotContain("behind");
    }

    @Test
    void otherFilesAreNotCopied() throws IOException {
        Path file = file("other");
        MappedByteBuffer mapped = map(file, FileChannel.MapMode.PRIVATE);

        MappedFiles.copy("/classes.jsa");
        overwrite(file);

        assertThat(mapped.get(1)).isEqualTo((byte) 'e');
        assertThat(mapped.get(2)).isEqualTo((byte) 'h');
    }

    @Test
    void changedPagesSurviveTheUnmapping() throws IOException {
        MappedByteBuffer changed = map(file("changed"), FileChannel.MapMode.PRIVATE);
        changed.put(1, (byte) 'E');
        MappedByteBuffer read = map(file("read"), FileChannel.MapMode.READ_ONLY);
        assertThat(read.get(1)).isEqualTo((byte) 'e');

        MappedFiles.unmapUnchanged();

        assertThat(changed.get(1)).isEqualTo((byte) 'E');
        assertThat(read.get(1)).isEqualTo((byte) 'e');
    }

    @Test
    void onlyMappingsOfFilesCount() {
        List<MappedFiles.Mapping> mappings = MappedFiles.parse(List.of(
                "7f0000000000-7f0000003000 r--p 00002000 fe:00 1234                       /usr/lib/x y/libjvm.so",
                "Size:                 12 kB",
                "Anonymous:             8 kB",
                "VmFlags: rd mr mw me sd",
                "7f0000003000-7f0000004000 rw-p 00000000 00:00 0",
                "Anonymous:             4 kB",
                "7ffc6a5f0000-7ffc6a5f2000 r-xp 00000000 00:00 0                          [vdso]",
                "Anonymous:             0 kB"));

        assertThat(mappings)
                .containsExactly(
                        new MappedFiles.Mapping(0x7f0000000000L, 0x7f0000003000L, "r--p", "/usr/lib/x y/libjvm.so", 8));
        assertThat(mappings.get(0).isUnchanged()).isFalse();
    }
}
