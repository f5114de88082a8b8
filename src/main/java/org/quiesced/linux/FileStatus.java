// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.quiesced.linux.CStruct.Field;
import org.quiesced.linux.CStruct.Layout;

/**
 * Reads the status of files with statx(2), one after the other. Follows symbolic links. {@code AT_STATX_DONT_SYNC}
 * returns cached data for a file of a network file system, so a dead server does not block the caller. Not thread-safe.
 */
public final class FileStatus {
    /** {@code AT_FDCWD} of {@code linux/fcntl.h}. */
    static final int AT_FDCWD = -100;
    /** {@code AT_STATX_DONT_SYNC} of {@code linux/fcntl.h}. */
    static final int AT_STATX_DONT_SYNC = 0x4000;
    /** {@code STATX_TYPE | STATX_NLINK | STATX_INO} of {@code linux/stat.h}; device numbers are always returned. */
    static final int WANTED = 0x1 | 0x4 | 0x100;

    static final int S_IFMT = 0170000;
    static final int S_IFBLK = 0060000;
    static final int S_IFCHR = 0020000;
    static final int S_IFREG = 0100000;

    private static final Field NLINK = new Field("stx_nlink", 16, 4);
    private static final Field MODE = new Field("stx_mode", 28, 2);
    private static final Field INO = new Field("stx_ino", 32, 8);
    private static final Field RDEV_MAJOR = new Field("stx_rdev_major", 128, 4);
    private static final Field RDEV_MINOR = new Field("stx_rdev_minor", 132, 4);

    private static final Field DEV_MAJOR = new Field("stx_dev_major", 136, 4);

    /** {@code struct statx} of {@code linux/stat.h}. */
    static final Layout LAYOUT =
            new Layout("struct statx", 256, List.of(NLINK, MODE, INO, RDEV_MAJOR, RDEV_MINOR, DEV_MAJOR));

    private final byte[] result = new byte[LAYOUT.size()];
    private final ByteBuffer fields = ByteBuffer.wrap(result).order(ByteOrder.nativeOrder());
    private int errno;

    /**
     * Reads the status of a file.
     *
     * @param path the path, ended by a zero byte; bytes after it are ignored
     * @return whether the call succeeded; if not, {@link #errno} has the error
     */
    public boolean read(byte[] path) {
        boolean known = Libc.statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, WANTED, result) == 0;
        errno = known ? 0 : Native.getLastError();
        return known;
    }

    /**
     * Reads the status of a file.
     *
     * @param path the path, without a zero byte
     */
    public boolean read(String path) {
        return read((path + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the error of the last call, or 0. */
    public int errno() {
        return errno;
    }

    /** Returns a message with the name of the file and the error of the last call. */
    public String problem(String file) {
        return file + ": " + Libc.strerror(errno);
    }

    /** Returns whether the file is a block device. */
    public boolean isBlockDevice() {
        return type() == S_IFBLK;
    }

    /** Returns whether the file is a character device. */
    public boolean isCharacterDevice() {
        return type() == S_IFCHR;
    }

    /** Returns whether the file is a regular file, as the attributes of sysfs are. */
    public boolean isRegular() {
        return type() == S_IFREG;
    }

    private int type() {
        return fields.getShort(MODE.offset()) & S_IFMT;
    }

    /** Returns the major number of the device that the file represents. */
    public int major() {
        return fields.getInt(RDEV_MAJOR.offset());
    }

    /** Returns the minor number of the device that the file represents. */
    public int minor() {
        return fields.getInt(RDEV_MINOR.offset());
    }

    /** Returns the inode number of the file. */
    public long inode() {
        return fields.getLong(INO.offset());
    }

    /** Returns the major number of the file system's device; 0 for a file system without a device. */
    public int fileSystemMajor() {
        return fields.getInt(DEV_MAJOR.offset());
    }

    /**
     * Returns the number of links of the file: for a directory of procfs, two more than its number of subdirectories.
     */
    public int links() {
        return fields.getInt(NLINK.offset());
    }
}
