// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The type of a {@link UserJson}. The JSON form is the name in lower case. */
public enum UserType {
    /** A file system, mounted on {@code path}. */
    MOUNT,
    /** Swap. */
    SWAP,
    /** The block device {@code name}; {@code mappedName} is its name in device-mapper. */
    HOLDER,
    /** The ZFS pool {@code name}. */
    ZFS_POOL,
    /** The compressed memory disk {@code name}. */
    ZRAM,
    /** The device {@code name}, which needs the disk's device and has appeared since the plan was made. */
    DEPENDENT,
    /** A process that has the VFIO group {@code name} of the device open. */
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
    /** The SCSI target SCST, as {@code name}. */
    SCST,
    /** The heartbeat of the OCFS2 cluster {@code name}. */
    CLUSTER_HEARTBEAT,
    /** An unknown process has the holder open, so the kernel refuses to stop the holder. */
    OPEN,
    /** An unknown user has the kernel's exclusive claim. */
    UNLISTED,
    /** An unknown user reads or writes the disk. */
    TRAFFIC,
    /** The disk does not count its requests, so users cannot be excluded. */
    UNCOUNTED,
    /** The users cannot be determined: {@code error}. */
    UNDETERMINED,
    /** A user of a machine file, by its {@code description}. */
    DESCRIBED;

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
