// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.method.DriveQuery;
import org.quiesced.method.DriveType;
import org.quiesced.plan.Disposition.Handled;

/**
 * A drive that a plan handles and that can be queried.
 *
 * @param classDevice the class device to which the commands are sent
 */
public record AskableDrive(Device device, Device classDevice, DriveQuery query) {
    /** Returns the drives of a plan that can be queried, including drives that are in use at present. */
    public static List<AskableDrive> of(Plan plan) {
        return plan.driven().stream()
                .flatMap(device -> of(device, plan).stream())
                .toList();
    }

    private static Optional<AskableDrive> of(Device device, Plan plan) {
        if (!(plan.of(device) instanceof Handled handled)) {
            return Optional.empty();
        }
        return plan.types()
                .of(device)
                .flatMap(DriveType::query)
                .flatMap(query -> handled.target()
                        .classDevice()
                        .map(classDevice -> new AskableDrive(device, classDevice, query)));
    }
}
