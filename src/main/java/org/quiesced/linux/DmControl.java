// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.util.List;
import org.quiesced.linux.CStruct.Field;
import org.quiesced.linux.CStruct.Layout;

/** The commands of device-mapper's control node: {@code struct dm_ioctl} of {@code linux/dm-ioctl.h}. */
public final class DmControl {
    /** {@code DM_DEV_REMOVE}: {@code _IOWR(0xfd, 4, struct dm_ioctl)}. */
    static final long DM_DEV_REMOVE = 0xC138FD04L;

    /** {@code DM_VERSION_MAJOR}. The kernel refuses another major version, and a newer minor one than its own. */
    private static final int VERSION = 4;

    private static final Field MAJOR_VERSION = new Field("version[0]", 0, 4);
    private static final Field DATA_SIZE = new Field("data_size", 12, 4);
    private static final Field DATA_START = new Field("data_start", 16, 4);
    private static final Field DEVICE = new Field("dev", 40, 8);

    static final Layout LAYOUT =
            new Layout("struct dm_ioctl", 312, List.of(MAJOR_VERSION, DATA_SIZE, DATA_START, DEVICE));

    private DmControl() {}

    /**
     * Removes a device. The kernel refuses to remove an open device ({@code dm_lock_for_deletion} in {@code
     * drivers/md/dm.c}).
     *
     * @throws ErrnoException if the call fails; with {@link ErrnoException#EBUSY} if the device is open, with {@link
     *     ErrnoException#ENXIO} if there is none
     */
    public static void remove(NativeFile control, int major, int minor) throws ErrnoException {
        CStruct command = new CStruct(LAYOUT)
                .set(MAJOR_VERSION, VERSION)
                .set(DATA_SIZE, LAYOUT.size())
                .set(DATA_START, LAYOUT.size())
                .set(DEVICE, encoded(major, minor));
        control.ioctl(DM_DEV_REMOVE, command);
    }

    /** Returns the encoded number of a device ({@code new_encode_dev} of {@code linux/kdev_t.h}). */
    static long encoded(int major, int minor) {
        return minor & 0xffL | (long) major << 8 | (minor & ~0xffL) << 12;
    }
}
