// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Registers of a PCI device, mapped to memory from its file {@code resource0} in sysfs.
 *
 * <p>Each access has to be a single instruction, and accesses must not be added, removed or reordered. A {@link
 * VarHandle} of an array of bytes guarantees that for the access modes {@code getVolatile} and {@code setVolatile} on a
 * direct buffer at an aligned index; {@link ByteBuffer#getInt} and the accessors of JNA, which copy bytes in C, do not.
 * A register of 64 bits is read in two halves, as the NVM Express Base Specification allows (2.0, section 3.1.3).
 *
 * <p>The kernel maps the file uncached ({@code pci_mmap_resource_range} in {@code drivers/pci/mmap.c}). An access does
 * not fail: if no device answers, the processor reads all ones. The mapping lasts as long as this object.
 */
public final class MappedRegisters implements Registers {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer memory;
    private final boolean isStandIn;

    private MappedRegisters(ByteBuffer memory, boolean isStandIn) {
        this.memory = memory;
        this.isStandIn = isStandIn;
    }

    /**
     * Maps the beginning of a file.
     *
     * @param size number of bytes to map, at most the size of the file
     * @param isStandIn whether the file is an ordinary one
     * @throws IOException if the file is too small, or the kernel refuses: with EPERM if it is locked down ({@code
     *     kernel_lockdown(7)}), with EINVAL if a driver has claimed the region
     */
    public static MappedRegisters of(Path file, int size, boolean isStandIn) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < size) {
                throw new IOException(file + ": has fewer than " + size + " bytes");
            }
            return new MappedRegisters(channel.map(FileChannel.MapMode.READ_WRITE, 0, size), isStandIn);
        }
    }

    @Override
    public int read(int offset) {
        return (int) WORD.getVolatile(memory, offset);
    }

    @Override
    public void write(int offset, int value) {
        WORD.setVolatile(memory, offset, value);
    }

    @Override
    public boolean isStandIn() {
        return isStandIn;
    }
}
