// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** A C struct in native memory, initially zero. */
final class CStruct {
    private final Memory memory;
    /** Keeps the memory that the struct points to reachable, because native memory is freed with its Java object. */
    private final List<Memory> targets = new ArrayList<>();

    CStruct(Layout layout) {
        memory = new Memory(layout.size());
        memory.clear();
    }

    /**
     * The layout of a C struct on 64-bit Linux. A test compares it with the layout of the kernel's headers.
     *
     * @param name the struct in C
     * @param size its size in bytes
     * @param fields the fields that are used
     */
    record Layout(String name, int size, List<Field> fields) {}

    /**
     * One field of a struct.
     *
     * @param name the field in C
     * @param offset its offset in bytes
     * @param size its size in bytes: 1, 2, 4 or 8
     */
    record Field(String name, int offset, int size) {}

    /** Sets a field to the lower bytes of the value. */
    CStruct set(Field field, long value) {
        switch (field.size()) {
            case 1 -> memory.setByte(field.offset(), (byte) value);
            case 2 -> memory.setShort(field.offset(), (short) value);
            case 4 -> memory.setInt(field.offset(), (int) value);
            default -> memory.setLong(field.offset(), value);
        }
        return this;
    }

    /** Sets a field to the address of some memory. */
    CStruct set(Field field, Memory target) {
        targets.add(target);
        memory.setPointer(field.offset(), target);
        return this;
    }

    /** Returns the value of a field, as an unsigned number unless it has 8 bytes. */
    long get(Field field) {
        return switch (field.size()) {
            case 1 -> Byte.toUnsignedLong(memory.getByte(field.offset()));
            case 2 -> Short.toUnsignedLong(memory.getShort(field.offset()));
            case 4 -> Integer.toUnsignedLong(memory.getInt(field.offset()));
            default -> memory.getLong(field.offset());
        };
    }

    Pointer pointer() {
        return memory;
    }
}
