// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.kernel.simulated.OperationLog.Operation;

/**
 * The rules that concern the operations on a disk with several paths: one stop for all of them, when no path has its
 * driver, and no command after it.
 */
public final class PathRules {
    private final List<String> complaints = new ArrayList<>();
    private final List<Operation> operations;
    private final BiPredicate<Device, Long> isBoundAt;

    private PathRules(List<Operation> operations, BiPredicate<Device, Long> isBoundAt) {
        this.operations = operations;
        this.isBoundAt = isBoundAt;
    }

    /**
     * Returns the broken rules.
     *
     * @param isBoundAt whether a path has its driver at a time and the kernel would send commands over it
     */
    public static List<String> complaints(
            DeviceTree tree, List<Operation> operations, BiPredicate<Device, Long> isBoundAt) {
        PathRules rules = new PathRules(operations, isBoundAt);
        Map<String, List<Device>> disks = new HashMap<>();
        for (Device device : tree.devices()) {
            Optional<String> wwid =
                    device.attribute("wwid").filter(text -> text.matches("naa\\..*[1-9a-f]0*[1-9a-f].*"));
            if (device.isBoundTo("scsi", "sd") && wwid.isPresent()) {
                disks.computeIfAbsent(wwid.get(), key -> new ArrayList<>()).add(device);
            }
        }
        disks.values().forEach(paths -> rules.check(tree, paths));
        return rules.complaints;
    }

    private void check(DeviceTree tree, List<Device> paths) {
        List<Operation> stops = operations.stream()
                .filter(operation -> operation.kind() == Kind.STOP && paths.contains(operation.device()))
                .toList();
        if (stops.size() > 1) {
            complaints.add(Complaint.text("one stop for all paths to a disk", stops.toArray()));
        }
        for (Operation stop : stops) {
            for (Device path : paths) {
                if (isBoundAt.test(path, stop.from())) {
                    complaints.add(Complaint.text("no disk is stopped under another path", stop, path));
                }
            }
            for (Operation other : operations) {
                boolean isCommand = other.kind() == Kind.FLUSH || other.kind() == Kind.UNBIND;
                boolean isOfDisk = paths.stream()
                        .anyMatch(path -> tree.below(path).devices().contains(other.device()));
                if (isCommand && isOfDisk && other.to() > stop.from()) {
                    complaints.add(Complaint.text("nothing is sent to a disk that is stopped", stop, other));
                }
            }
        }
    }
}
