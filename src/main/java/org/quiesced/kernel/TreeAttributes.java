// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The attributes that are read with each device of the tree. Immutable.
 *
 * @param bySubsystem names of attributes, by the bus or class of the device
 */
public record TreeAttributes(Map<String, List<String>> bySubsystem) {
    /** No attributes. */
    public static final TreeAttributes NONE = new TreeAttributes(Map.of());

    /** Copies the lists. */
    public TreeAttributes {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        bySubsystem.forEach((subsystem, names) -> copy.put(subsystem, List.copyOf(names)));
        bySubsystem = Map.copyOf(copy);
    }

    /** Returns the attributes of the devices of a bus or class. */
    public List<String> of(String subsystem) {
        return bySubsystem.getOrDefault(subsystem, List.of());
    }

    /** Returns the union of these attributes and others. */
    public TreeAttributes and(TreeAttributes others) {
        Map<String, List<String>> all = new LinkedHashMap<>(bySubsystem);
        others.bySubsystem.forEach((subsystem, names) -> all.merge(subsystem, names, TreeAttributes::union));
        return new TreeAttributes(all);
    }

    private static List<String> union(List<String> first, List<String> second) {
        Set<String> both = new LinkedHashSet<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }
}
