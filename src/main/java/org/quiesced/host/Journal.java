// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.util.Map;

/** The system's journal (systemd-journald.service(8)). */
@FunctionalInterface
public interface Journal {
    /**
     * Writes an entry.
     *
     * @param fields additional fields; a name consists of capital letters, digits and underscores
     * @return whether the journal accepted it
     */
    boolean write(KernelLog.Priority priority, String message, Map<String, String> fields);
}
