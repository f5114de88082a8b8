// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.linux.MappedRegisters;
import org.quiesced.linux.PseudoFile;
import org.quiesced.linux.Registers;

/**
 * Accesses a PCI device by its file {@code resource0} in sysfs, if it is bound to {@code uio_pci_generic} or to no
 * driver. Other processes can map that file at the same time.
 *
 * <p>A device without a driver does not answer to memory accesses until it is enabled by its attribute {@code enable}
 * ({@code enable_store} in {@code drivers/pci/pci-sysfs.c}, which fails if there is a driver after all); the device
 * itself still cannot access memory. {@code uio_pci_generic} enables its devices.
 */
final class ResourceFile implements LinuxNvmeRegisters.Hold {
    /**
     * Size of the controller's own registers, which precede the doorbells (NVM Express Base Specification 2.0, section
     * 3.1.3).
     */
    private static final int SIZE = 4096;

    /**
     * Offset of the command register in the configuration space, and below it the register's bit for the memory space
     * ({@code linux/pci_regs.h}).
     */
    private static final int PCI_COMMAND = 4;

    private static final int PCI_COMMAND_MEMORY = 2;

    private final String directory;
    private final boolean isDriverless;
    private final boolean isStandIn;
    private boolean isEnabledHere;

    /**
     * Prepares the access.
     *
     * @param directory the device's directory in sysfs
     * @param isDriverless whether it has no driver
     * @param isStandIn whether the file is an ordinary one
     */
    ResourceFile(String directory, boolean isDriverless, boolean isStandIn) {
        this.directory = directory;
        this.isDriverless = isDriverless;
        this.isStandIn = isStandIn;
    }

    @Override
    public boolean isExclusive() {
        return false;
    }

    @Override
    public Registers open() throws IOException {
        if (isDriverless && PseudoFile.read(directory + "/enable").equals(Optional.of("0"))) {
            PseudoFile.write(directory + "/enable", "1");
            isEnabledHere = true;
        }
        // On some processors, an access without an answer stops the machine, so a device that would not answer is not
        // accessed.
        if ((command() & PCI_COMMAND_MEMORY) == 0) {
            throw new IOException(directory + ": does not answer to memory accesses");
        }
        String power = PseudoFile.read(directory + "/power_state").orElse("D0");
        if (!power.equals("D0") && !power.equals("unknown")) {
            throw new IOException(directory + ": is in power state " + power);
        }
        return MappedRegisters.of(Path.of(directory, "resource0"), SIZE, isStandIn);
    }

    private int command() throws IOException {
        try (InputStream config = Files.newInputStream(Path.of(directory, "config"))) {
            byte[] header = config.readNBytes(PCI_COMMAND + 1);
            // All ones mean that the device is gone.
            boolean isThere = header.length > PCI_COMMAND && (header[0] & header[1] & 0xFF) != 0xFF;
            return isThere ? header[PCI_COMMAND] : 0;
        }
    }

    @Override
    public void release() throws IOException {
        if (isEnabledHere) {
            isEnabledHere = false;
            PseudoFile.write(directory + "/enable", "0");
        }
    }
}
