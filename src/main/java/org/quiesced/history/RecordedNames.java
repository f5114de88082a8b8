// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the devices of a record by the names that an administrator uses. */
public final class RecordedNames {
    private static final String NODE = "/dev/";
    private static final String SYSFS = "/sys/";

    /** What follows the name of an NVMe controller in that of its namespaces and their partitions. */
    private static final Pattern NAMESPACE = Pattern.compile("(c\\d+)?n\\d+(p\\d+)?");

    /** What follows the name of a disk in that of its partitions. */
    private static final Pattern PARTITION = Pattern.compile("p?\\d+");

    private RecordedNames() {}

    /**
     * Returns the first of several devices with a name.
     *
     * @param name its sysfs name or path, or the name or node of its controller, disk, namespace or partition
     */
    public static Optional<DeviceRecord> find(List<DeviceRecord> devices, String name) {
        String brief = name.startsWith(NODE) ? name.substring(NODE.length()) : name;
        String path = name.startsWith(SYSFS) ? name.substring(SYSFS.length() - 1) : name;
        return devices.stream()
                .filter(device -> device.device().equals(brief)
                        || device.path().equals(path)
                        || device.label().equals(name)
                        || alias(device).filter(alias -> isOf(alias, brief)).isPresent())
                .findFirst();
    }

    /** Returns the name of its controller or disk, which is in parentheses in the label. */
    public static Optional<String> alias(DeviceRecord device) {
        String label = device.label();
        int parenthesis = label.indexOf(" (");
        return parenthesis < 0 || !label.endsWith(")")
                ? Optional.empty()
                : Optional.of(label.substring(parenthesis + 2, label.length() - 1));
    }

    private static boolean isOf(String alias, String name) {
        if (!name.startsWith(alias)) {
            return false;
        }
        String rest = name.substring(alias.length());
        boolean endsWithNumber = Character.isDigit(alias.charAt(alias.length() - 1));
        return rest.isEmpty()
                || (endsWithNumber ? NAMESPACE : PARTITION).matcher(rest).matches();
    }
}
