// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.Map;
import java.util.stream.Collectors;
import org.quiesced.kernel.User;

/** Converts users to text. */
final class Described {
    private Described() {}

    static Map<Node, String> of(Map<Node, User> users) {
        return users.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().describe()));
    }
}
