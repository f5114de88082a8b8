// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.util.List;
import org.quiesced.linux.CStruct.Field;
import org.quiesced.linux.CStruct.Layout;

/** The backing of a loop device: {@code struct loop_info64} of {@code linux/loop.h}. */
public final class LoopStatus {
    /** {@code LOOP_GET_STATUS64} of {@code linux/loop.h}. */
    static final long LOOP_GET_STATUS64 = 0x4C05;

    private static final Field RDEVICE = new Field("lo_rdevice", 16, 8);

    static final Layout LAYOUT = new Layout("struct loop_info64", 232, List.of(RDEVICE));

    private LoopStatus() {}

    /**
     * Returns the number of the block device that a loop device is bound to, or 0 if it is bound to a regular file. The
     * number has the kernel's encoding of {@code new_encode_dev} ({@code linux/kdev_t.h}); {@link #major} and
     * {@link #minor} take it apart.
     *
     * @throws ErrnoException if the call fails; with {@link ErrnoException#ENXIO} if the loop device is not bound
     */
    public static long backing(NativeFile loop) throws ErrnoException {
        CStruct status = new CStruct(LAYOUT);
        loop.ioctl(LOOP_GET_STATUS64, status);
        return status.get(RDEVICE);
    }

    /** Returns the major part of an encoded number. */
    public static int major(long encoded) {
        return (int) (encoded >> 8 & 0xfff);
    }

    /** Returns the minor part of an encoded number. */
    public static int minor(long encoded) {
        return (int) (encoded & 0xff | encoded >> 12 & 0xfff00);
    }
}
