// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The drivers for which there is a method.
 *
 * @param keys by the driver's name, the keys that its table has besides those that each table has
 */
public record KnownDrivers(Map<String, Set<Settings.Key>> keys) {
    /** Copies the map and its sets. */
    public KnownDrivers {
        Map<String, Set<Settings.Key>> copy = new HashMap<>();
        keys.forEach((driver, own) -> copy.put(driver, Set.copyOf(own)));
        keys = Map.copyOf(copy);
    }
}
