// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux.ffi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * A C struct in native memory, zeroed at first. Its layout is an enum of its fields, with the offsets and sizes that the kernel's headers
 * give on 64-bit Linux; a test compares them with what a C compiler says.
 *
 * @param <F> the struct's fields
 */
public final class CStruct<F extends Enum<F> & CStruct.Field> {
    private final Memory memory;

    /** Makes a struct of that many bytes. */
    CStruct(int size) {
        memory = new Memory(size);
        memory.clear();
    }

    /** One field of a struct. */
    interface Field {
        /** Returns where the field starts, in bytes. */
        int offset();

        /** Returns how many bytes it has: 1, 2, 4 or 8. */
        int size();
    }

    /** Sets a field to the lower bytes of the value. */
    CStruct<F> set(F field, long value) {
        switch (field.size()) {
            case 1 -> memory.setByte(field.offset(), (byte) value);
            case 2 -> memory.setShort(field.offset(), (short) value);
            case 4 -> memory.setInt(field.offset(), (int) value);
            default -> memory.setLong(field.offset(), value);
        }
        return this;
    }

    /** Sets a field to the address of some memory, which must stay reachable for as long as the struct is used. */
    CStruct<F> set(F field, Memory target) {
        memory.setPointer(field.offset(), target);
        return this;
    }

    /** Returns a field's value, as an unsigned number unless it has 8 bytes. */
    long get(F field) {
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
