// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux.ffi;

import com.sun.jna.Memory;
import java.time.Duration;
import java.util.Arrays;

/** SCSI commands without data by the {@code SG_IO} ioctl, in its versions 3 (block devices, sg) and 4 (bsg). */
public final class ScsiGeneric {
    /** {@code SG_IO} of {@code scsi/sg.h}. */
    static final long SG_IO = 0x2285;

    /** As much as a command's sense data can have (SPC-5, section 4.4.1). */
    private static final int SENSE_SIZE = 252;

    /** {@code SG_DXFER_NONE} of {@code scsi/sg.h}. */
    private static final int SG_DXFER_NONE = -1;

    private ScsiGeneric() {}

    /** Those fields of {@code struct sg_io_hdr} ({@code scsi/sg.h}) that we use. */
    enum V3 implements CStruct.Field {
        INTERFACE_ID(0, 4),
        DXFER_DIRECTION(4, 4),
        CMD_LEN(8, 1),
        MX_SB_LEN(9, 1),
        CMDP(24, 8),
        SBP(32, 8),
        TIMEOUT(40, 4),
        STATUS(64, 1),
        SB_LEN_WR(67, 1),
        HOST_STATUS(68, 2),
        DRIVER_STATUS(70, 2);

        /** {@code sizeof(struct sg_io_hdr)}. */
        static final int SIZE = 88;

        private final int offset;
        private final int size;

        V3(int offset, int size) {
            this.offset = offset;
            this.size = size;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public int size() {
            return size;
        }
    }

    /** Those fields of {@code struct sg_io_v4} ({@code linux/bsg.h}) that we use. */
    enum V4 implements CStruct.Field {
        GUARD(0, 4),
        REQUEST_LEN(12, 4),
        REQUEST(16, 8),
        MAX_RESPONSE_LEN(44, 4),
        RESPONSE(48, 8),
        TIMEOUT(88, 4),
        DRIVER_STATUS(108, 4),
        TRANSPORT_STATUS(112, 4),
        DEVICE_STATUS(116, 4),
        RESPONSE_LEN(132, 4);

        /** {@code sizeof(struct sg_io_v4)}. */
        static final int SIZE = 160;

        private final int offset;
        private final int size;

        V4(int offset, int size) {
            this.offset = offset;
            this.size = size;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public int size() {
            return size;
        }
    }

    /**
     * How a command ended.
     *
     * @param deviceStatus the device's status (SAM-6, section 5.3.1): 0 is GOOD, 2 is CHECK CONDITION
     * @param transportStatus the host adapter's {@code DID_} code ({@code scsi/scsi_status.h}): 0 is success
     * @param driverStatus the kernel's own code; its bit 3 only says that there is sense data
     * @param sense the sense data, empty if there is none
     */
    public record Result(int deviceStatus, int transportStatus, int driverStatus, byte[] sense) {
        /** Returns whether the command did what it was asked to. */
        public boolean isGood() {
            return deviceStatus == 0 && transportStatus == 0 && (driverStatus & ~0x08) == 0;
        }
    }

    /**
     * Sends a command by version 3.
     *
     * @param device a block device or an {@code sg} device
     * @throws ErrnoException if the kernel does not take the command
     */
    public static Result sendV3(NativeFile device, byte[] command, Duration timeout) throws ErrnoException {
        Memory cdb = memoryOf(command);
        Memory sense = new Memory(SENSE_SIZE);
        CStruct<V3> header = new CStruct<V3>(V3.SIZE)
                .set(V3.INTERFACE_ID, 'S')
                .set(V3.DXFER_DIRECTION, SG_DXFER_NONE)
                .set(V3.CMD_LEN, command.length)
                .set(V3.MX_SB_LEN, SENSE_SIZE)
                .set(V3.CMDP, cdb)
                .set(V3.SBP, sense)
                .set(V3.TIMEOUT, timeout.toMillis());
        device.ioctl(SG_IO, header);
        return new Result(
                (int) header.get(V3.STATUS),
                (int) header.get(V3.HOST_STATUS),
                (int) header.get(V3.DRIVER_STATUS),
                first(sense, header.get(V3.SB_LEN_WR)));
    }

    /**
     * Sends a command by version 4.
     *
     * @param device a bsg device
     * @throws ErrnoException if the kernel does not take the command
     */
    public static Result sendV4(NativeFile device, byte[] command, Duration timeout) throws ErrnoException {
        Memory cdb = memoryOf(command);
        Memory sense = new Memory(SENSE_SIZE);
        CStruct<V4> header = new CStruct<V4>(V4.SIZE)
                .set(V4.GUARD, 'Q')
                .set(V4.REQUEST_LEN, command.length)
                .set(V4.REQUEST, cdb)
                .set(V4.MAX_RESPONSE_LEN, SENSE_SIZE)
                .set(V4.RESPONSE, sense)
                .set(V4.TIMEOUT, timeout.toMillis());
        device.ioctl(SG_IO, header);
        return new Result(
                (int) header.get(V4.DEVICE_STATUS),
                (int) header.get(V4.TRANSPORT_STATUS),
                (int) header.get(V4.DRIVER_STATUS),
                first(sense, header.get(V4.RESPONSE_LEN)));
    }

    private static Memory memoryOf(byte[] bytes) {
        Memory memory = new Memory(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    private static byte[] first(Memory memory, long length) {
        return Arrays.copyOf(memory.getByteArray(0, SENSE_SIZE), (int) Math.min(length, SENSE_SIZE));
    }
}
