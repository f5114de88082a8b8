// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.device.Device;

/** Explains who uses a disk, from what the kernel shows: mounts, swap and holders. It never decides; the claim does. */
final class DiskUsers {
    /** Holders stand on holders (LVM on LUKS on md); this is deeper than anybody stacks them. */
    private static final int DEEPEST = 8;

    private final Path sys;
    private final Path proc;

    DiskUsers(Path sys, Path proc) {
        this.sys = sys;
        this.proc = proc;
    }

    /** Returns the first user found of a disk or of one of its partitions, in words. */
    Optional<String> of(Device disk) {
        return of(sys + disk.path(), disk.name(), 0);
    }

    private Optional<String> of(String directory, String name, int depth) {
        Optional<String> self = mountOf(directory, name).or(() -> swapOf(name)).or(() -> holderOf(directory, depth));
        return self.isPresent() || depth == DEEPEST ? self : firstOfPartitions(directory, name, depth);
    }

    private Optional<String> firstOfPartitions(String directory, String name, int depth) {
        return names(directory)
                .filter(entry -> entry.startsWith(name))
                .filter(entry -> new File(directory + "/" + entry + "/partition").exists())
                .flatMap(entry -> of(directory + "/" + entry, entry, depth + 1).stream())
                .findFirst();
    }

    private Optional<String> mountOf(String directory, String name) {
        String number = SysfsFile.read(directory + "/dev").orElse("none");
        for (String line : mounts()) {
            // proc(5): ID parent major:minor root mount-point options [tags] - type source super-options
            String[] fields = line.split(" ");
            int dash = Arrays.asList(fields).indexOf("-");
            if (fields.length > 5
                    && (fields[2].equals(number)
                            || dash > 0 && dash + 2 < fields.length && fields[dash + 2].equals("/dev/" + name))) {
                return Optional.of("mounted on " + unescape(fields[4]));
            }
        }
        return Optional.empty();
    }

    private Optional<String> swapOf(String name) {
        return lines("swaps").stream()
                .filter(line -> line.startsWith("/dev/" + name + " "))
                .map(line -> "used as swap")
                .findFirst();
    }

    private Optional<String> holderOf(String directory, int depth) {
        return names(directory + "/holders").findFirst().map(holder -> {
            String holderDirectory = sys + "/class/block/" + holder;
            String shown = SysfsFile.read(holderDirectory + "/dm/name")
                    .map(mapped -> holder + " (" + mapped + ")")
                    .orElse(holder);
            String use = depth == DEEPEST
                    ? ""
                    : of(holderDirectory, holder, depth + 1)
                            .map(text -> ", " + text)
                            .orElse("");
            return "held by " + shown + use;
        });
    }

    private static Stream<String> names(String directory) {
        String[] names = new File(directory).list();
        return names == null ? Stream.empty() : Arrays.stream(names).sorted();
    }

    /** The machine's mounts are those of its first process; the daemon's own are only what it needs. */
    private List<String> mounts() {
        List<String> mounts = lines("1/mountinfo");
        return mounts.isEmpty() ? lines("self/mountinfo") : mounts;
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Undoes the octal escapes that the kernel writes for white space and backslashes. */
    private static String unescape(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
