// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Printable;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Stack;

/**
 * Converts the content of a machine file, and checks everything that its form does not guarantee. The messages of its
 * exceptions name the entry. A file may come from any source, so text that reaches a terminal must not have control
 * characters.
 */
final class MachineCheck {
    /** {@code PATH_MAX} of Linux, the maximum length of paths below {@code /sys}. */
    private static final int LONGEST_PATH = 4096;
    /** Maximum shutdown time of a device, in seconds: a day. */
    private static final double LONGEST_SECONDS = 86_400;

    private final MachineFile file;

    MachineCheck(MachineFile file) {
        this.file = file;
    }

    /**
     * Returns the machine.
     *
     * @throws IllegalArgumentException if the content is invalid
     */
    Machine machine() {
        if (!MachineFile.FORMAT.equals(file.format())) {
            throw new IllegalArgumentException(
                    file.format() == null
                            ? "it has no format"
                            : "its format is \"" + Printable.brief(file.format()) + "\", expected \""
                                    + MachineFile.FORMAT + "\"");
        }
        DeviceTree tree = DeviceTree.of(devices(), links());
        return new Machine(
                text("name", file.name()),
                text("kernel", file.kernel()),
                tree,
                uses(tree),
                texts("openers", file.openers()),
                latencies(tree),
                Map.of(),
                texts("parameters", file.parameters()));
    }

    private List<Device> devices() {
        List<Device> devices = new ArrayList<>();
        for (MachineFile.Entry entry : file.devices()) {
            String where = "devices[" + devices.size() + "]";
            check(entry != null, where, "is null");
            String path = path(where + ".path", entry.path());
            Optional<String> subsystem = entry.bus().or(entry::className);
            check(subsystem.isPresent(), where, "has neither bus nor class");
            // Controllers of NVMe over fabrics are on no bus.
            boolean mayHaveDriver = entry.bus().isPresent() || entry.className().equals(Optional.of("nvme"));
            check(mayHaveDriver || entry.driver().isEmpty(), where, "has a driver and no bus");
            entry.attributes()
                    .forEach((name, value) -> check(value != null, where + "." + Printable.brief(name), "is null"));
            devices.add(new Device(
                    path,
                    text(where, subsystem.get()),
                    entry.bus().isPresent(),
                    entry.driver().map(driver -> text(where + ".driver", driver)),
                    entry.attributes()));
        }
        return devices;
    }

    private List<DeviceLink> links() {
        List<DeviceLink> links = new ArrayList<>();
        for (DeviceLink link : file.links()) {
            String where = "links[" + links.size() + "]";
            check(link != null, where, "is null");
            path(where + ".supplier", link.supplier());
            path(where + ".consumer", link.consumer());
            links.add(link);
        }
        return links;
    }

    private Map<String, DiskUser> uses(DeviceTree tree) {
        Map<String, DiskUser> uses = new HashMap<>();
        forDevices("uses", file.uses(), tree, (path, words) -> uses.put(path, new DiskUser(words, Release.NEVER)));
        forDevices("released", file.released(), tree, (path, word) -> {
            DiskUser user = uses.get(path);
            if (user == null) {
                throw problem("released[" + path + "]", "names a disk without a user");
            }
            uses.put(path, new DiskUser(user.user(), release("released[" + path + "]", word)));
        });
        forDevices("stacks", file.stacks(), tree, (path, held) -> {
            DiskUser user = uses.get(path);
            String where = "stacks[" + path + "]";
            if (user == null) {
                throw problem(where, "names a disk without a user");
            }
            uses.put(path, new DiskUser(user.user(), user.release(), Optional.of(stack(where, held))));
        });
        return uses;
    }

    private static Stack stack(String where, MachineFile.Held held) {
        Set<HolderKind> kinds = new HashSet<>();
        for (String word : held.kinds()) {
            Optional<HolderKind> kind = HolderKind.ofWord(text(where, word));
            check(kind.isPresent(), where, "has a kind that is not zfs, md, dm or bcache");
            kinds.add(kind.orElseThrow());
        }
        held.pools().forEach(pool -> text(where, pool));
        return new Stack(
                kinds,
                Set.copyOf(held.pools()),
                held.released().map(word -> release(where, word)).orElse(Release.NEVER));
    }

    private static Release release(String where, String word) {
        check(Set.of("early", "late", "exitrd").contains(word), where, "is not early, late or exitrd");
        return Release.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private Map<String, Duration> latencies(DeviceTree tree) {
        Map<String, Duration> latencies = new HashMap<>();
        forDevices("latencies", file.latencies(), tree, (path, seconds) -> {
            check(
                    seconds >= 0 && seconds <= LONGEST_SECONDS,
                    "latencies[" + path + "]",
                    "is not from 0 to 86400 seconds");
            latencies.put(path, Duration.ofNanos(Math.round(seconds * 1e9)));
        });
        return latencies;
    }

    private static <V> void forDevices(String key, Map<String, V> map, DeviceTree tree, BiConsumer<String, V> action) {
        map.forEach((path, value) -> {
            String where = key + "[" + Printable.brief(path) + "]";
            check(tree.find(path).isPresent(), where, "names no device of the machine");
            check(value != null, where, "is null");
            if (value instanceof String words) {
                text(where, words);
            }
            action.accept(path, value);
        });
    }

    private static Map<String, String> texts(String key, Map<String, String> map) {
        map.forEach((name, value) -> text(key + "[" + Printable.brief(name) + "]", value));
        return map;
    }

    private static String path(String where, String path) {
        text(where, path);
        check(path.startsWith("/") && path.length() > 1, where, "is not an absolute path: " + path);
        check(path.length() <= LONGEST_PATH, where, "is longer than " + LONGEST_PATH + " characters");
        for (String part : path.substring(1).split("/", -1)) {
            check(
                    !part.isEmpty() && !part.equals(".") && !part.equals(".."),
                    where,
                    "has an empty part, \".\" or \"..\": " + path);
        }
        return path;
    }

    private static String text(String where, String text) {
        check(text != null, where, "is missing");
        check(text.chars().noneMatch(Character::isISOControl), where, "has a control character");
        return text;
    }

    private static void check(boolean holds, String where, String problem) {
        if (!holds) {
            throw problem(where, problem);
        }
    }

    private static IllegalArgumentException problem(String where, String problem) {
        return new IllegalArgumentException(where + " " + problem);
    }
}
