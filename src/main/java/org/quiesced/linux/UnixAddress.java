// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The address of a local socket (unix(7)) in native memory. */
final class UnixAddress implements AutoCloseable {
    /** {@code struct sockaddr_un} of {@code linux/un.h}. */
    static final CStruct.Layout LAYOUT =
            new CStruct.Layout("struct sockaddr_un", 110, List.of(new CStruct.Field("sun_family", 0, 2)));
    /** The offset of {@code sun_path}, and below it its size, in bytes. */
    static final int PATH = 2;

    static final int PATH_SIZE = 108;

    private final Memory memory;
    private final int length;

    private UnixAddress(Memory memory, int length) {
        this.memory = memory;
        this.length = length;
    }

    /**
     * Creates an address.
     *
     * @param path the socket's path; a leading {@code @} denotes the abstract namespace
     * @throws ErrnoException if it is too long
     */
    static UnixAddress of(String path) throws ErrnoException {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= PATH_SIZE) {
            throw new ErrnoException(path, ErrnoException.ENAMETOOLONG);
        }
        Memory memory = new Memory(LAYOUT.size());
        memory.clear();
        memory.setShort(0, (short) Socket.AF_UNIX);
        memory.write(PATH, bytes, 0, bytes.length);
        if (!path.startsWith("@")) {
            return new UnixAddress(memory, LAYOUT.size());
        }
        // An abstract name has no terminator: it ends with the address.
        memory.setByte(PATH, (byte) 0);
        return new UnixAddress(memory, PATH + bytes.length);
    }

    Pointer pointer() {
        return memory;
    }

    int length() {
        return length;
    }

    @Override
    public void close() {
        memory.close();
    }
}
