// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The control group of a process, which identifies its systemd unit or its container.
 *
 * @param path the group's path, for example {@code /system.slice/smartd.service}; may be an empty string
 */
record ControlGroup(String path) {
    /**
     * The identifiers of docker, podman, containerd and CRI-O: 64 hexadecimal digits, with an optional prefix and
     * suffix of the container manager.
     */
    private static final Pattern CONTAINER = Pattern.compile("(?:\\w[\\w-]*-)?([0-9a-f]{12})[0-9a-f]{52}(?:\\.scope)?");

    private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final List<String> UNITS = List.of(".service", ".scope", ".mount", ".socket", ".swap");

    /**
     * Parses a file {@code cgroup} of proc(5): lines {@code NUMBER:CONTROLLERS:PATH}. systemd's hierarchy is {@code
     * name=systemd} of version 1 if it is mounted, or else that of version 2, which has number 0.
     */
    static ControlGroup parse(String text) {
        String unified = "";
        for (String line : text.split("\n")) {
            int path = line.indexOf(":/");
            if (path >= 0 && line.substring(0, path).endsWith(":name=systemd")) {
                return new ControlGroup(line.substring(path + 1));
            }
            if (path >= 0 && line.startsWith("0::")) {
                unified = line.substring(path + 1);
            }
        }
        return new ControlGroup(unified);
    }

    /** Returns whether the group is that of a system service, or below it. Only root can move a process into one. */
    boolean isOfService(String unit) {
        String group = "/system.slice/" + unit;
        return path.equals(group) || path.startsWith(group + "/");
    }

    /** Returns the first 12 digits of the outermost container's identifier. */
    Optional<String> container() {
        return parts().map(CONTAINER::matcher)
                .filter(Matcher::matches)
                .map(container -> container.group(1))
                .findFirst();
    }

    /** Returns the innermost unit of the group; empty in a container. */
    Optional<String> unit() {
        return container().isPresent()
                ? Optional.empty()
                : parts().filter(part -> UNITS.stream().anyMatch(part::endsWith))
                        .reduce((outer, inner) -> inner)
                        .map(ControlGroup::unescape);
    }

    private Stream<String> parts() {
        return Arrays.stream(path.split("/"));
    }

    /** Decodes systemd's escape sequences (systemd-escape(1)) of printable characters. */
    private static String unescape(String unit) {
        return ESCAPED.matcher(unit).replaceAll(match -> {
            int character = Integer.parseInt(match.group(1), 16);
            return character < ' ' || character > '~'
                    ? Matcher.quoteReplacement(match.group())
                    : Matcher.quoteReplacement(String.valueOf((char) character));
        });
    }
}
