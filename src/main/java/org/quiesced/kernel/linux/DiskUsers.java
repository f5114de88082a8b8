// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.device.Device;

/** Explains who uses a disk, from what the kernel shows: mounts, swap and holders. It never decides; the claim does. */
final class DiskUsers {
    /** Holders stand on holders (LVM on LUKS on md); this is deeper than anybody stacks them. */
    private static final int DEEPEST = 8;

    private final Path sys;
    private final Path proc;
    /** To read them is cheap, to take them apart is not: with many disks that is done once for all. */
    private volatile Mounts latest = new Mounts(new byte[0]);

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
        return mounts().pointOf(number, "/dev/" + name).map(point -> "mounted on " + point);
    }

    private Optional<String> swapOf(String name) {
        return new String(read("swaps"), StandardCharsets.ISO_8859_1)
                .lines()
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
    private Mounts mounts() {
        byte[] first = read("1/mountinfo");
        byte[] text = first.length == 0 ? read("self/mountinfo") : first;
        Mounts current = latest;
        if (!current.areOf(text)) {
            current = new Mounts(text);
            latest = current;
        }
        return current;
    }

    private byte[] read(String file) {
        try {
            return Files.readAllBytes(proc.resolve(file));
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
