// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The attributes of devices that a reader of the tree reads. */
final class TreeAttributes {
    /** The attributes that planning and shutting down need, by subsystem. */
    static final Map<String, List<String>> FOR_PLANNING = Map.of(
            "nvme", List.of("state", "transport", "model"),
            "scsi", List.of("vendor", "model", "state", "power/runtime_status"),
            "scsi_disk",
                    List.of(
                            "cache_type",
                            "manage_start_stop",
                            "manage_system_start_stop",
                            "manage_runtime_start_stop",
                            "manage_shutdown",
                            "manage_restart"),
            "block", List.of("size"));

    private static final Map<String, List<String>> FOR_A_REPORT = Map.of(
            "pci", List.of("class", "vendor", "device"),
            "nvme", List.of("serial", "firmware_rev", "subsysnqn"),
            "nvme-subsystem", List.of("model", "serial", "subsysnqn"),
            "scsi", List.of("type", "rev", "wwid"),
            "block", List.of("hidden", "wwid", "nguid", "uuid", "eui"));

    private TreeAttributes() {}

    /** Returns those and what helps to understand somebody else's machine. */
    static Map<String, List<String>> inFull() {
        Map<String, List<String>> all = new HashMap<>(FOR_PLANNING);
        FOR_A_REPORT.forEach((subsystem, names) -> all.merge(subsystem, names, TreeAttributes::concat));
        return all;
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
