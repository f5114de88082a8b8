// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The drivers that have a method.
 *
 * @param keys by driver, the keys that only its table has
 * @param required by driver, the value of {@code method} without which its devices are left to the kernel
 */
public record KnownDrivers(Map<String, Set<Settings.Key>> keys, Map<String, Settings.Method> required) {
    /** Copies the maps and sets. */
    public KnownDrivers {
        Map<String, Set<Settings.Key>> copy = new HashMap<>();
        keys.forEach((driver, own) -> copy.put(driver, Set.copyOf(own)));
        keys = Map.copyOf(copy);
        required = Map.copyOf(required);
    }
}
