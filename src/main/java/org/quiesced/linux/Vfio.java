// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.util.List;
import org.quiesced.linux.CStruct.Field;
import org.quiesced.linux.CStruct.Layout;

/**
 * Access to a PCI device that is bound to {@code vfio-pci}, through its IOMMU group ({@code linux/vfio.h}).
 *
 * <p>All files are opened for reading, which the kernel accepts ({@code vfio_group_fops_open} and {@code
 * vfio_fops_open} in {@code drivers/vfio}); the descriptor of the device that it returns is open for both directions.
 */
public final class Vfio {
    /** This and the ones below are {@code _IO(VFIO_TYPE, VFIO_BASE + n)}: {@code ';'}, 100. */
    static final long VFIO_GET_API_VERSION = 0x3B64;

    static final long VFIO_CHECK_EXTENSION = 0x3B65;
    static final long VFIO_SET_IOMMU = 0x3B66;
    static final long VFIO_GROUP_GET_STATUS = 0x3B67;
    static final long VFIO_GROUP_SET_CONTAINER = 0x3B68;
    static final long VFIO_GROUP_GET_DEVICE_FD = 0x3B6A;
    static final long VFIO_DEVICE_GET_REGION_INFO = 0x3B6C;

    static final int VFIO_API_VERSION = 0;
    static final int VFIO_TYPE1V2_IOMMU = 3;
    static final int VFIO_GROUP_FLAGS_VIABLE = 1;
    static final int VFIO_REGION_INFO_FLAG_READ = 1;
    static final int VFIO_REGION_INFO_FLAG_WRITE = 2;
    static final int VFIO_PCI_BAR0_REGION_INDEX = 0;
    static final int VFIO_PCI_CONFIG_REGION_INDEX = 7;

    private static final Field STATUS_ARGSZ = new Field("argsz", 0, 4);
    private static final Field STATUS_FLAGS = new Field("flags", 4, 4);

    static final Layout GROUP_STATUS = new Layout("struct vfio_group_status", 8, List.of(STATUS_ARGSZ, STATUS_FLAGS));

    private static final Field CONTAINER_FD = new Field("fd", 0, 4);
    private static final Layout CONTAINER = new Layout("int", 4, List.of(CONTAINER_FD));

    private static final Field REGION_ARGSZ = new Field("argsz", 0, 4);
    private static final Field REGION_FLAGS = new Field("flags", 4, 4);
    private static final Field REGION_INDEX = new Field("index", 8, 4);
    private static final Field REGION_SIZE = new Field("size", 16, 8);
    private static final Field REGION_OFFSET = new Field("offset", 24, 8);

    static final Layout REGION_INFO = new Layout(
            "struct vfio_region_info",
            32,
            List.of(REGION_ARGSZ, REGION_FLAGS, REGION_INDEX, REGION_SIZE, REGION_OFFSET));

    /** The command register and its bit for the memory space ({@code linux/pci_regs.h}). */
    static final int PCI_COMMAND = 4;

    static final int PCI_COMMAND_MEMORY = 2;

    private Vfio() {}

    /** Opens a file of {@code /dev/vfio}. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens a file for reading.
         *
         * @throws ErrnoException if that fails
         */
        NativeFile open(String path) throws ErrnoException;
    }

    /** An open IOMMU group. No other process can open the group until it is closed. */
    public static final class Group implements AutoCloseable {
        private final NativeFile group;
        private final NativeFile container;

        private Group(NativeFile group, NativeFile container) {
            this.group = group;
            this.container = container;
        }

        /**
         * Opens a group, with its own container and an IOMMU context in which no memory is mapped.
         *
         * @param directory {@code /dev/vfio}
         * @param number the group's number
         * @throws ErrnoException if that fails; with {@link ErrnoException#EBUSY} if the group is open already, or a
         *     driver outside VFIO uses a device of it; with {@link ErrnoException#EPERM} if a device of the group is
         *     bound to such a driver, or if the IOMMU cannot isolate interrupts
         */
        public static Group open(String directory, String number, Opener opener) throws ErrnoException {
            NativeFile group = opener.open(directory + "/" + number);
            try {
                NativeFile container = opener.open(directory + "/vfio");
                try {
                    Group opened = new Group(group, container);
                    opened.useContainer(directory + "/" + number);
                    return opened;
                } catch (ErrnoException e) {
                    container.close();
                    throw e;
                }
            } catch (ErrnoException e) {
                group.close();
                throw e;
            }
        }

        private void useContainer(String name) throws ErrnoException {
            if (container.ioctl(VFIO_GET_API_VERSION) != VFIO_API_VERSION) {
                throw new ErrnoException(name, ErrnoException.ENOTTY);
            }
            CStruct status = new CStruct(GROUP_STATUS).set(STATUS_ARGSZ, GROUP_STATUS.size());
            group.ioctl(VFIO_GROUP_GET_STATUS, status);
            if ((status.get(STATUS_FLAGS) & VFIO_GROUP_FLAGS_VIABLE) == 0 && !group.isStandIn()) {
                throw new ErrnoException(name, ErrnoException.EPERM);
            }
            group.ioctl(VFIO_GROUP_SET_CONTAINER, new CStruct(CONTAINER).set(CONTAINER_FD, container.descriptor()));
            if (container.ioctl(VFIO_CHECK_EXTENSION, VFIO_TYPE1V2_IOMMU) == 0 && !container.isStandIn()) {
                throw new ErrnoException(name, ErrnoException.ENODEV);
            }
            container.ioctl(VFIO_SET_IOMMU, VFIO_TYPE1V2_IOMMU);
        }

        /**
         * Opens a device of the group. The kernel enables it and resets it, by a Function Level Reset if it has one
         * ({@code vfio_pci_core_enable} in {@code drivers/vfio/pci/vfio_pci_core.c}). Several threads may open devices.
         *
         * @param name the PCI address
         * @throws ErrnoException if that fails
         */
        public Device device(String name) throws ErrnoException {
            NativeFile device = group.adopt(group.ioctl(VFIO_GROUP_GET_DEVICE_FD, name), name);
            try {
                return new Device(device);
            } catch (ErrnoException e) {
                device.close();
                throw e;
            }
        }

        /** Closes the group. Its devices have to be closed first. */
        @Override
        public void close() {
            group.close();
            container.close();
        }
    }

    /**
     * An open device. Its registers are accessed by pread(2) and pwrite(2) of four bytes at a multiple of four, each of
     * which the kernel performs as one access of 32 bits ({@code do_io_rw} in {@code
     * drivers/vfio/pci/vfio_pci_rdwr.c}), after it has checked that the device's memory space is enabled. When the last
     * descriptor is closed, the kernel resets the device and suspends it ({@code vfio_pci_core_disable}). Not
     * thread-safe.
     */
    public static final class Device implements Registers, AutoCloseable {
        private final NativeFile file;
        private final long registers;
        private final long size;

        private Device(NativeFile file) throws ErrnoException {
            this.file = file;
            CStruct bar = region(VFIO_PCI_BAR0_REGION_INDEX);
            this.registers = bar.get(REGION_OFFSET);
            this.size = file.isStandIn() ? Long.MAX_VALUE : bar.get(REGION_SIZE);
            long config = region(VFIO_PCI_CONFIG_REGION_INDEX).get(REGION_OFFSET);
            // The other half of the word is the status register, whose bits are cleared by writing ones.
            int command = file.readInt(config + PCI_COMMAND) & 0xFFFF;
            if ((command & PCI_COMMAND_MEMORY) == 0) {
                file.writeInt(config + PCI_COMMAND, command | PCI_COMMAND_MEMORY);
            }
        }

        private CStruct region(int index) throws ErrnoException {
            CStruct region = new CStruct(REGION_INFO)
                    .set(REGION_ARGSZ, REGION_INFO.size())
                    .set(REGION_INDEX, index);
            file.ioctl(VFIO_DEVICE_GET_REGION_INFO, region);
            long needed = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
            if ((region.get(REGION_FLAGS) & needed) != needed && !file.isStandIn()) {
                throw new ErrnoException("region " + index, ErrnoException.EACCES);
            }
            return region;
        }

        @Override
        public int read(int offset) throws ErrnoException {
            return file.readInt(at(offset));
        }

        @Override
        public void write(int offset, int value) throws ErrnoException {
            file.writeInt(at(offset), value);
        }

        @Override
        public boolean isStandIn() {
            return file.isStandIn();
        }

        private long at(int offset) {
            if (offset % Integer.BYTES != 0 || offset > size - Integer.BYTES) {
                throw new IllegalArgumentException("no register of 32 bits at " + offset);
            }
            return registers + offset;
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
