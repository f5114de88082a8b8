// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

/**
 * A device link, by which the kernel shows that a device needs another one that is not its parent ({@code
 * /sys/class/devlink}).
 *
 * @param supplier the path of the device that is needed
 * @param consumer the path of the device that needs it, and so goes down before it
 * @param syncStateOnly whether the link only delays the supplier's {@code sync_state()} callback; such a link orders
 *     nothing
 * @param status the link's state in the kernel's words, for example {@code active} or {@code dormant}
 */
public record DeviceLink(String supplier, String consumer, boolean syncStateOnly, String status) {
    /**
     * The status of a link that the kernel does not have: a virtual function of SR-IOV, the consumer, needs its
     * physical function ({@code pci_iov_add_virtfn} in {@code drivers/pci/iov.c}).
     */
    public static final String PHYSICAL_FUNCTION = "physfn";
}
