// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What kind a {@link UserJson} is. In JSON it is its name in lower case. */
public enum UserType {
    /** A file system, mounted on {@code path}. */
    MOUNT,
    /** Swap. */
    SWAP,
    /** The block device {@code name}, which has the name {@code mappedName} where it is one of device-mapper. */
    HOLDER,
    /** The ZFS pool {@code name}. */
    ZFS_POOL,
    /** The compressed memory disk {@code name}. */
    ZRAM,
    /** The device {@code name}, which needs the disk's device and has come since the shutdown was planned. */
    DEPENDENT,
    /** Somebody who has the VFIO group {@code name} of the device open. */
    VFIO_GROUP,
    /** A {@code process} that has the node open. */
    PROCESS,
    /** The loop device {@code name}. */
    LOOP_DEVICE,
    /** The NVMe target, as {@code name}. */
    NVMET,
    /** The SCSI target, as {@code name}. */
    LIO,
    /** The USB gadget {@code name}. */
    USB_GADGET,
    /** The RDMA network block device. */
    RNBD,
    /** The block backend of Xen, as {@code name}. */
    XEN,
    /** The heartbeat of the OCFS2 cluster {@code name}. */
    CLUSTER_HEARTBEAT,
    /** Somebody has the holder open, for which the kernel refuses to stop it, and is seen nowhere else. */
    OPEN,
    /** Somebody has the kernel's exclusive claim and is seen nowhere else. */
    UNLISTED,
    /** Somebody reads or writes the disk and is seen nowhere else. */
    TRAFFIC,
    /** The disk does not count its requests. */
    UNCOUNTED,
    /** The users cannot be determined: {@code error}. */
    UNDETERMINED,
    /** A user of a machine file: {@code description}. */
    DESCRIBED;

    /** Returns the type as JSON has it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
