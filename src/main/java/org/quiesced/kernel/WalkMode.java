// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;

/** The mode of the kernel's walk over the devices, {@code device_shutdown()} ({@code drivers/base/core.c}). */
public enum WalkMode {
    /** One device after the other, as all released kernels do. */
    SERIAL("serial"),
    /**
     * PCI and SCSI devices in parallel, each after its children and consumers, and the others one after the other: a
     * kernel with the series "shut down devices asynchronously" and its parameter enabled.
     */
    ASYNCHRONOUS("asynchronous");

    private static final String MODULE = "core";
    private static final String NAME = "async_shutdown";

    /** The parameter, in the form of the kernel's command line. */
    public static final String PARAMETER = MODULE + "." + NAME;

    /** The values of an enabled parameter of type {@code bool}: as shown, and as accepted ({@code kernel/params.c}). */
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

    /** Returns the name of the mode in reports. */
    public String word() {
        return word;
    }

    /** Returns the mode with a name. */
    public static Optional<WalkMode> ofWord(String word) {
        for (WalkMode mode : values()) {
            if (mode.word.equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the mode of the kernel at the time of the call: {@link #ASYNCHRONOUS} if the parameter exists and is
     * enabled, and {@link #SERIAL} otherwise, also if the parameter cannot be read or has an unknown value. The
     * parameter is never written: a change during the walk makes the kernel shut a device down before its dependents.
     */
    public static WalkMode of(Drivers drivers) {
        return shown(drivers).filter(ON::contains).isPresent() ? ASYNCHRONOUS : SERIAL;
    }

    /** Returns the present value of the parameter; empty if the kernel has none. */
    public static Optional<String> shown(Drivers drivers) {
        return drivers.parameter(MODULE, NAME);
    }

    /** Returns the value of the parameter in this mode. */
    public String value() {
        return this == ASYNCHRONOUS ? "Y" : "N";
    }

    /** Returns whether the kernel shuts a device down in a separate worker. */
    public boolean isParallelFor(Device device) {
        return this == ASYNCHRONOUS && MARKED.contains(device.subsystem());
    }
}
