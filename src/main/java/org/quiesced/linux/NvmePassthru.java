// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.Memory;
import java.util.List;
import org.quiesced.linux.CStruct.Field;
import org.quiesced.linux.CStruct.Layout;

/**
 * NVMe commands by ioctl: {@code struct nvme_passthru_cmd} of {@code linux/nvme_ioctl.h}. A field {@code timeout_ms}
 * of 0 selects the driver's own time limit ({@code nvme_user_cmd} in {@code drivers/nvme/host/ioctl.c}; up to
 * Linux 5.15 in {@code core.c}).
 */
public final class NvmePassthru {
    /** {@code NVME_IOCTL_ADMIN_CMD}: {@code _IOWR('N', 0x41, struct nvme_admin_cmd)}. */
    static final long NVME_IOCTL_ADMIN_CMD = 0xC0484E41L;
    /** {@code NVME_IOCTL_IO_CMD}: {@code _IOWR('N', 0x43, struct nvme_passthru_cmd)}. */
    static final long NVME_IOCTL_IO_CMD = 0xC0484E43L;
    /** {@code NVME_IOCTL_ID}: {@code _IO('N', 0x40)}. */
    static final long NVME_IOCTL_ID = 0x4E40L;

    private static final Field OPCODE = new Field("opcode", 0, 1);
    private static final Field NSID = new Field("nsid", 4, 4);
    private static final Field ADDR = new Field("addr", 24, 8);
    private static final Field DATA_LEN = new Field("data_len", 36, 4);
    private static final Field CDW10 = new Field("cdw10", 40, 4);
    private static final Field CDW11 = new Field("cdw11", 44, 4);
    private static final Field TIMEOUT_MS = new Field("timeout_ms", 64, 4);

    static final Layout LAYOUT =
            new Layout("struct nvme_passthru_cmd", 72, List.of(OPCODE, NSID, ADDR, DATA_LEN, CDW10, CDW11, TIMEOUT_MS));

    private NvmePassthru() {}

    /**
     * The completion of a command, successful or not.
     *
     * @param status its status field; 0 is success
     * @param data the data that were read
     */
    public record Completion(int status, byte[] data) {}

    /**
     * Sends an admin command that reads data.
     *
     * @param opcode the command, NVM Express Base Specification 2.0, figure 138
     * @param namespace the namespace, or 0, or FFFFFFFFh for all
     * @param length number of bytes to read, at least 1
     * @param dword10 command dword 10
     * @param millis the command's time limit in milliseconds, or 0 for the driver's own
     * @throws ErrnoException if the kernel cannot send the command or stops waiting
     */
    public static Completion adminRead(
            NativeFile controller, int opcode, int namespace, int length, int dword10, int millis)
            throws ErrnoException {
        Memory data = new Memory(length);
        data.clear();
        CStruct command = new CStruct(LAYOUT)
                .set(OPCODE, opcode)
                .set(NSID, namespace)
                .set(ADDR, data)
                .set(DATA_LEN, length)
                .set(CDW10, dword10)
                .set(TIMEOUT_MS, millis);
        int status = controller.ioctl(NVME_IOCTL_ADMIN_CMD, command);
        return new Completion(status, data.getByteArray(0, length));
    }

    /**
     * Returns the identifier of a namespace in its subsystem.
     *
     * @throws ErrnoException if the file is not a namespace
     */
    public static int namespaceId(NativeFile namespace) throws ErrnoException {
        return namespace.ioctl(NVME_IOCTL_ID);
    }

    /**
     * Sends an I/O command without data.
     *
     * @param opcode the command, NVM Command Set Specification 1.0, section 3
     * @return the completion's status field: 0 is success
     * @throws ErrnoException if the kernel cannot send the command or stops waiting
     */
    public static int io(NativeFile namespace, int opcode, int namespaceId) throws ErrnoException {
        CStruct command = new CStruct(LAYOUT).set(OPCODE, opcode).set(NSID, namespaceId);
        return namespace.ioctl(NVME_IOCTL_IO_CMD, command);
    }
}
