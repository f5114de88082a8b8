// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.util.Map;

/** The system's journal (systemd-journald.service(8)). */
@FunctionalInterface
public interface Journal {
    /**
     * Writes an entry.
     *
     * @param fields more about it, by names of capital letters, digits and underscores
     * @return whether it was taken
     */
    boolean write(KernelLog.Priority priority, String message, Map<String, String> fields);
}
