// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of disks under native NVMe multipath. The kernel's NVMe core gives them, whatever driver and transport the
 * controller has ({@code nvme_alloc_ns} in {@code drivers/nvme/host/core.c}, {@code nvme_mpath_alloc_disk} and {@code
 * nvme_add_ns_head_cdev} in {@code drivers/nvme/host/multipath.c}). They therefore belong to the device tree, as
 * partitions do, and not to a drive type.
 */
public final class NvmeMultipath {
    /** Class of the character devices of namespaces. */
    public static final String GENERIC_CLASS = "nvme-generic";

    private static final String PREFIX = "nvme";

    /** Name of a hidden path: nvme<i>subsystem</i>c<i>controller</i>n<i>namespace</i>. */
    private static final Pattern HIDDEN_PATH = Pattern.compile("(" + PREFIX + "\\d+)c\\d+(n\\d+)");

    private NvmeMultipath() {}

    /**
     * Returns the name of the head disk of a namespace's hidden path; empty if the device is no such path. The head
     * disk is the disk that file systems claim.
     */
    public static Optional<String> headNameOf(Device disk) {
        Matcher path = HIDDEN_PATH.matcher(disk.name());
        return path.matches() ? Optional.of(path.group(1) + path.group(2)) : Optional.empty();
    }

    /**
     * Returns the name of a namespace's character device. That of a head disk is beside the head disk in the tree, not
     * below it.
     *
     * @param disk the name of the namespace's disk, for example {@code nvme3n1}
     */
    public static String genericNameOf(String disk) {
        return "ng" + disk.substring(PREFIX.length());
    }
}
