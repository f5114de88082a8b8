// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.Optional;
import org.quiesced.device.Device;

/**
 * The worldwide identity of a SCSI disk, which is the same on each path to it: the designator that the kernel has
 * chosen from the Device Identification page ({@code scsi_vpd_lun_id} in {@code drivers/scsi/scsi_lib.c}).
 *
 * <p>A T10 vendor identification ({@code t10.}) is not used, because vendors give one to several disks, and neither is
 * an identifier of zeros. An ATA disk has one port, so it has no second path; two ATA disks with the same identifier
 * are two disks. If two disks were treated as one, one of them would not be stopped at power-off.
 */
final class ScsiIdentity {
    /** The attribute of a SCSI device that has the designator. */
    static final String ATTRIBUTE = "wwid";

    private static final String ZEROS = "(naa|eui)\\.[0-9a-fA-F]?0*";

    private ScsiIdentity() {}

    /** Returns the identity of the disk of a SCSI device; empty if there is no reliable one. */
    static Optional<String> of(Device device) {
        boolean isAta = device.attribute("vendor")
                .filter(vendor -> vendor.strip().equals("ATA"))
                .isPresent();
        return device.attribute(ATTRIBUTE)
                .map(String::strip)
                .filter(wwid -> !isAta && !wwid.isEmpty() && !wwid.startsWith("t10.") && !wwid.matches(ZEROS));
    }
}
