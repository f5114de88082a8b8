// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.Memory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.quiesced.linux.CStruct.Field;
import org.quiesced.linux.CStruct.Layout;

/**
 * SCSI commands, without data or with data from the device, by the {@code SG_IO} ioctl, in its versions 3 (block
 * devices, sg) and 4 (bsg).
 */
public final class ScsiGeneric {
    /** {@code SG_IO} of {@code scsi/sg.h}. */
    static final long SG_IO = 0x2285;

    /** Maximum length of sense data, in bytes (SPC-5, section 4.4.1). */
    private static final int SENSE_SIZE = 252;

    /** {@code SG_DXFER_NONE} of {@code scsi/sg.h}. */
    private static final int SG_DXFER_NONE = -1;

    /** {@code SG_DXFER_FROM_DEV} of {@code scsi/sg.h}. */
    private static final int SG_DXFER_FROM_DEV = -3;

    private static final Field V3_INTERFACE_ID = new Field("interface_id", 0, 4);
    private static final Field V3_DXFER_DIRECTION = new Field("dxfer_direction", 4, 4);
    private static final Field V3_CMD_LEN = new Field("cmd_len", 8, 1);
    private static final Field V3_MX_SB_LEN = new Field("mx_sb_len", 9, 1);
    private static final Field V3_DXFER_LEN = new Field("dxfer_len", 12, 4);
    private static final Field V3_DXFERP = new Field("dxferp", 16, 8);
    private static final Field V3_CMDP = new Field("cmdp", 24, 8);
    private static final Field V3_SBP = new Field("sbp", 32, 8);
    private static final Field V3_TIMEOUT = new Field("timeout", 40, 4);
    private static final Field V3_STATUS = new Field("status", 64, 1);
    private static final Field V3_SB_LEN_WR = new Field("sb_len_wr", 67, 1);
    private static final Field V3_HOST_STATUS = new Field("host_status", 68, 2);
    private static final Field V3_DRIVER_STATUS = new Field("driver_status", 70, 2);

    /** Version 3, of {@code scsi/sg.h}. */
    static final Layout V3 = new Layout(
            "struct sg_io_hdr",
            88,
            List.of(
                    V3_INTERFACE_ID,
                    V3_DXFER_DIRECTION,
                    V3_CMD_LEN,
                    V3_MX_SB_LEN,
                    V3_DXFER_LEN,
                    V3_DXFERP,
                    V3_CMDP,
                    V3_SBP,
                    V3_TIMEOUT,
                    V3_STATUS,
                    V3_SB_LEN_WR,
                    V3_HOST_STATUS,
                    V3_DRIVER_STATUS));

    private static final Field V4_GUARD = new Field("guard", 0, 4);
    private static final Field V4_REQUEST_LEN = new Field("request_len", 12, 4);
    private static final Field V4_REQUEST = new Field("request", 16, 8);
    private static final Field V4_MAX_RESPONSE_LEN = new Field("max_response_len", 44, 4);
    private static final Field V4_RESPONSE = new Field("response", 48, 8);
    private static final Field V4_DIN_XFER_LEN = new Field("din_xfer_len", 68, 4);
    private static final Field V4_DIN_XFERP = new Field("din_xferp", 80, 8);
    private static final Field V4_TIMEOUT = new Field("timeout", 88, 4);
    private static final Field V4_DRIVER_STATUS = new Field("driver_status", 108, 4);
    private static final Field V4_TRANSPORT_STATUS = new Field("transport_status", 112, 4);
    private static final Field V4_DEVICE_STATUS = new Field("device_status", 116, 4);
    private static final Field V4_RESPONSE_LEN = new Field("response_len", 132, 4);

    /** Version 4, of {@code linux/bsg.h}. */
    static final Layout V4 = new Layout(
            "struct sg_io_v4",
            160,
            List.of(
                    V4_GUARD,
                    V4_REQUEST_LEN,
                    V4_REQUEST,
                    V4_MAX_RESPONSE_LEN,
                    V4_RESPONSE,
                    V4_DIN_XFER_LEN,
                    V4_DIN_XFERP,
                    V4_TIMEOUT,
                    V4_DRIVER_STATUS,
                    V4_TRANSPORT_STATUS,
                    V4_DEVICE_STATUS,
                    V4_RESPONSE_LEN));

    private ScsiGeneric() {}

    /**
     * The result of a command.
     *
     * @param deviceStatus the device's status (SAM-6, section 5.3.1): 0 is GOOD, 2 is CHECK CONDITION
     * @param transportStatus the host adapter's {@code DID_} code ({@code scsi/scsi_status.h}): 0 is success
     * @param driverStatus the kernel's own code; bit 3 only indicates sense data
     * @param sense the sense data; empty if there is none
     */
    public record Result(int deviceStatus, int transportStatus, int driverStatus, byte[] sense) {
        /** Returns whether the command succeeded. */
        public boolean isGood() {
            return deviceStatus == 0 && transportStatus == 0 && (driverStatus & ~0x08) == 0;
        }
    }

    /**
     * The answer to a command with data.
     *
     * @param data what the device has sent, padded with zeros; undefined if the command failed
     */
    public record Answer(Result result, byte[] data) {}

    /**
     * Sends a command by version 3.
     *
     * @param device a block device or an {@code sg} device
     * @throws ErrnoException if the kernel rejects the command
     */
    public static Result sendV3(NativeFile device, byte[] command, Duration timeout) throws ErrnoException {
        Memory sense = new Memory(SENSE_SIZE);
        CStruct header = headerV3(command, sense, timeout).set(V3_DXFER_DIRECTION, SG_DXFER_NONE);
        device.ioctl(SG_IO, header);
        return resultV3(header, sense);
    }

    /**
     * Sends a command by version 3 that reads data.
     *
     * @param device a block device or an {@code sg} device
     * @param length how many bytes to read
     * @throws ErrnoException if the kernel does not accept the command
     */
    public static Answer readV3(NativeFile device, byte[] command, int length, Duration timeout) throws ErrnoException {
        Memory sense = new Memory(SENSE_SIZE);
        Memory data = new Memory(length);
        data.clear();
        CStruct header = headerV3(command, sense, timeout)
                .set(V3_DXFER_DIRECTION, SG_DXFER_FROM_DEV)
                .set(V3_DXFER_LEN, length)
                .set(V3_DXFERP, data);
        device.ioctl(SG_IO, header);
        return new Answer(resultV3(header, sense), data.getByteArray(0, length));
    }

    private static CStruct headerV3(byte[] command, Memory sense, Duration timeout) {
        return new CStruct(V3)
                .set(V3_INTERFACE_ID, 'S')
                .set(V3_CMD_LEN, command.length)
                .set(V3_MX_SB_LEN, SENSE_SIZE)
                .set(V3_CMDP, memoryOf(command))
                .set(V3_SBP, sense)
                .set(V3_TIMEOUT, timeout.toMillis());
    }

    private static Result resultV3(CStruct header, Memory sense) {
        return new Result(
                (int) header.get(V3_STATUS),
                (int) header.get(V3_HOST_STATUS),
                (int) header.get(V3_DRIVER_STATUS),
                first(sense, header.get(V3_SB_LEN_WR)));
    }

    /**
     * Sends a command by version 4.
     *
     * @param device a bsg device
     * @throws ErrnoException if the kernel rejects the command
     */
    public static Result sendV4(NativeFile device, byte[] command, Duration timeout) throws ErrnoException {
        Memory sense = new Memory(SENSE_SIZE);
        CStruct header = headerV4(command, sense, timeout);
        device.ioctl(SG_IO, header);
        return resultV4(header, sense);
    }

    /**
     * Sends a command by version 4 that reads data.
     *
     * @param device a bsg device
     * @param length how many bytes to read
     * @throws ErrnoException if the kernel does not accept the command
     */
    public static Answer readV4(NativeFile device, byte[] command, int length, Duration timeout) throws ErrnoException {
        Memory sense = new Memory(SENSE_SIZE);
        Memory data = new Memory(length);
        data.clear();
        CStruct header =
                headerV4(command, sense, timeout).set(V4_DIN_XFER_LEN, length).set(V4_DIN_XFERP, data);
        device.ioctl(SG_IO, header);
        return new Answer(resultV4(header, sense), data.getByteArray(0, length));
    }

    private static CStruct headerV4(byte[] command, Memory sense, Duration timeout) {
        return new CStruct(V4)
                .set(V4_GUARD, 'Q')
                .set(V4_REQUEST_LEN, command.length)
                .set(V4_REQUEST, memoryOf(command))
                .set(V4_MAX_RESPONSE_LEN, SENSE_SIZE)
                .set(V4_RESPONSE, sense)
                .set(V4_TIMEOUT, timeout.toMillis());
    }

    private static Result resultV4(CStruct header, Memory sense) {
        return new Result(
                (int) header.get(V4_DEVICE_STATUS),
                (int) header.get(V4_TRANSPORT_STATUS),
                (int) header.get(V4_DRIVER_STATUS),
                first(sense, header.get(V4_RESPONSE_LEN)));
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
