// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is mounted where, as {@code mountinfo} of proc(5) has it. Immutable. */
final class Mounts {
    private final byte[] text;
    /** Where a device is mounted first: by its number, {@code 259:0}, and by its node, {@code /dev/nvme0n1}. */
    private final Map<String, String> points = new HashMap<>();

    Mounts(byte[] mountinfo) {
        this.text = mountinfo;
        for (String line : new String(mountinfo, StandardCharsets.ISO_8859_1).split("\n")) {
            // ID parent major:minor root mount-point options [tags] - type source super-options
            String[] fields = line.split(" ");
            int dash = Arrays.asList(fields).indexOf("-");
            if (fields.length > 5) {
                points.putIfAbsent(fields[2], fields[4]);
                if (dash > 0 && dash + 2 < fields.length) {
                    points.putIfAbsent(fields[dash + 2], fields[4]);
                }
            }
        }
    }

    /** Returns whether that is what the mounts were read from. */
    boolean areOf(byte[] mountinfo) {
        return Arrays.equals(text, mountinfo);
    }

    /** Returns where a device is mounted, by either of its names. */
    Optional<String> pointOf(String number, String node) {
        return Optional.ofNullable(points.getOrDefault(number, points.get(node)))
                .map(Mounts::unescape);
    }

    /** Undoes the octal escapes that the kernel writes for white space and backslashes. */
    private static String unescape(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
