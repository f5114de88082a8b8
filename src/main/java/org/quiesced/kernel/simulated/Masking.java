// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;

/**
 * Masks the identifiers of a machine's drives: serial numbers, WWNs and the like, wherever they occur, also within
 * longer texts. Equal identifiers have equal masks, so that relations stay visible.
 */
public final class Masking {
    private static final Set<String> SECRET = Set.of("serial", "wwid", "nguid", "uuid", "eui", "subsysnqn");
    /** World wide names occur in paths, too: NAA identifiers and SAS addresses in hexadecimal. */
    private static final Pattern WORLD_WIDE_NAME = Pattern.compile("(?:0x|naa\\.|eui\\.|wwn-)[0-9A-Fa-f]{16,32}");

    /** The mount point is the end of a user's description, after all holders between it and the disk. */
    private static final Pattern MOUNT_POINT = Pattern.compile("(?<=mounted on ).+$", Pattern.DOTALL);
    /** The name of a device-mapper device follows the kernel's name. */
    private static final Pattern MAPPED_NAME =
            Pattern.compile("(?<=held by dm-\\d{1,9} \\().*?(?=\\)(?:, |$))", Pattern.DOTALL);
    /** The name of a ZFS pool is at the end, or before a comma. */
    private static final Pattern POOL = Pattern.compile("(?<=held by the ZFS pool )[^,]+");
    /** Common mount points (Filesystem Hierarchy Standard 3.0), which are not masked. */
    private static final Set<String> COMMON = Set.of(
            "/",
            "/boot",
            "/boot/efi",
            "/efi",
            "/home",
            "/opt",
            "/srv",
            "/tmp",
            "/usr",
            "/usr/local",
            "/var",
            "/var/lib",
            "/var/log",
            "/var/tmp");

    private final Map<String, String> masks;

    /** Masks of mount points, by mount point. */
    private final Map<String, String> mountPoints = new LinkedHashMap<>();

    private final Map<String, String> mappedNames = new LinkedHashMap<>();

    private final Map<String, String> pools = new LinkedHashMap<>();

    private Masking(Map<String, String> masks) {
        this.masks = masks;
    }

    /**
     * Returns the machine with masked identifiers of its drives, and masked mount points and names of device-mapper
     * devices.
     */
    public static Machine of(Machine machine) {
        Map<String, Set<String>> byKind = new TreeMap<>();
        for (Device device : machine.tree().devices()) {
            device.attributes().forEach((name, value) -> {
                if (SECRET.contains(name) && !value.isBlank()) {
                    byKind.computeIfAbsent(name, kind -> new TreeSet<>()).add(value.strip());
                }
            });
            WORLD_WIDE_NAME
                    .matcher(device.path())
                    .results()
                    .forEach(match -> byKind.computeIfAbsent("wwn", kind -> new TreeSet<>())
                            .add(match.group()));
        }
        Map<String, String> masks = new HashMap<>();
        byKind.forEach((kind, values) -> {
            int number = 1;
            for (String value : values) {
                masks.putIfAbsent(value, kind + "-" + number++);
            }
        });
        return new Masking(masks).mask(machine);
    }

    private Machine mask(Machine machine) {
        List<Device> devices = machine.tree().devices().stream()
                .map(device -> new Device(
                        hide(device.path()),
                        device.subsystem(),
                        device.onBus(),
                        device.driver(),
                        device.attributes().entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, entry -> hideAttribute(entry.getKey(), entry.getValue())))))
                .toList();
        List<DeviceLink> links = machine.tree().links().stream()
                .map(link -> new DeviceLink(
                        hide(link.supplier()), hide(link.consumer()), link.syncStateOnly(), link.status()))
                .toList();
        return new Machine(
                machine.name(),
                machine.kernelRelease(),
                DeviceTree.of(devices, links),
                machine.uses().entrySet().stream().collect(Collectors.toMap(entry -> hide(entry.getKey()), entry -> {
                    DiskUser user = entry.getValue();
                    return new DiskUser(
                            new User.Described(hideUser(user.describe())),
                            user.release(),
                            user.stack().map(this::hideStack));
                })),
                machine.openers().entrySet().stream()
                        .collect(Collectors.toMap(entry -> hide(entry.getKey()), entry -> hideUser(entry.getValue()))),
                machine.latencies().entrySet().stream()
                        .collect(Collectors.toMap(entry -> hide(entry.getKey()), Map.Entry::getValue)),
                machine.faults(),
                machine.parameters());
    }

    private String hideAttribute(String name, String value) {
        return name.equals("dm/name") ? mappedName(value.strip()) : hide(value);
    }

    private String hideUser(String words) {
        String mapped = MAPPED_NAME.matcher(words).replaceAll(match -> mappedName(match.group()));
        String named = POOL.matcher(mapped).replaceAll(match -> pool(match.group()));
        return hide(
                MOUNT_POINT.matcher(named).replaceAll(match -> Matcher.quoteReplacement(mountPoint(match.group()))));
    }

    private String mappedName(String name) {
        return mappedNames.computeIfAbsent(name, any -> "name-" + (mappedNames.size() + 1));
    }

    private String pool(String name) {
        return pools.computeIfAbsent(name, any -> "pool-" + (pools.size() + 1));
    }

    private Stack hideStack(Stack stack) {
        return new Stack(
                stack.kinds(), stack.pools().stream().map(this::pool).collect(Collectors.toSet()), stack.release());
    }

    private String mountPoint(String point) {
        return COMMON.contains(point)
                ? point
                : mountPoints.computeIfAbsent(point, any -> "/mount-" + (mountPoints.size() + 1));
    }

    /**
     * Replaces longer identifiers first, because a WWN may contain a serial number, and a part of an identifier is
     * masked too.
     */
    private String hide(String text) {
        String hidden = text;
        for (String secret : masks.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            // A shorter text occurs in ordinary words too.
            boolean whole = hidden.strip().equals(secret);
            if (whole || secret.length() >= 4) {
                hidden = hidden.replace(secret, masks.get(secret));
            }
        }
        return hidden;
    }
}
