// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;

/** How the kernel's {@code device_shutdown()} ({@code drivers/base/core.c}) goes through the devices. */
public enum WalkMode {
    /** One device after the other: all released kernels. */
    SERIAL("serial"),
    /**
     * PCI and SCSI devices in parallel, each after its children and consumers, and the others one after the other: a
     * kernel with the series "shut down devices asynchronously" whose parameter is on.
     */
    ASYNCHRONOUS("asynchronous");

    private static final String MODULE = "core";
    private static final String NAME = "async_shutdown";

    /** The parameter, as the kernel's command line has it. */
    public static final String PARAMETER = MODULE + "." + NAME;

    /** The values of a parameter of type {@code bool} that is on: shown, and accepted ({@code kernel/params.c}). */
    private static final Set<String> ON = Set.of("Y", "y", "1");

    /**
     * The buses and classes whose devices version 18 of the series marks ({@code pci_device_add} in {@code
     * drivers/pci/probe.c}, {@code scsi_add_host_with_dma} in {@code drivers/scsi/hosts.c}, {@code scsi_target_add} and
     * {@code scsi_sysfs_add_sdev} in {@code drivers/scsi/scsi_sysfs.c}).
     */
    private static final Set<String> MARKED = Set.of("pci", "scsi", "scsi_host", "scsi_device");

    private final String word;

    WalkMode(String word) {
        this.word = word;
    }

    /** Returns its name in reports. */
    public String word() {
        return word;
    }

    /** Returns the mode of that name. */
    public static Optional<WalkMode> ofWord(String word) {
        for (WalkMode mode : values()) {
            if (mode.word.equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads how the kernel would walk now: {@link #ASYNCHRONOUS} if it has the parameter and that is on, and {@link
     * #SERIAL} in any other case, also if the parameter cannot be read or has an unknown value. The parameter is never
     * written: a change while the kernel walks makes it shut a device down before its dependents.
     */
    public static WalkMode of(Drivers drivers) {
        return shown(drivers).filter(ON::contains).isPresent() ? ASYNCHRONOUS : SERIAL;
    }

    /** Returns what the parameter shows now; empty if the kernel has none. */
    public static Optional<String> shown(Drivers drivers) {
        return drivers.parameter(MODULE, NAME);
    }

    /** Returns the value that the parameter shows in this mode. */
    public String value() {
        return this == ASYNCHRONOUS ? "Y" : "N";
    }

    /** Returns whether the kernel shuts a device down on a worker of its own. */
    public boolean isParallelFor(Device device) {
        return this == ASYNCHRONOUS && MARKED.contains(device.subsystem());
    }
}
