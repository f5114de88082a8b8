// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The drivers for which there is a method.
 *
 * @param keys by the driver's name, the keys that its table has besides those that each table has
 * @param required by the driver's name, the value of {@code method} without which its devices are left alone
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
