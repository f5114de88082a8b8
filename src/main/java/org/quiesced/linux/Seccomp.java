// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Denies system calls to this process permanently (seccomp(2)): they fail with {@code EPERM} in all of its threads and
 * in all processes that they start.
 */
public final class Seccomp {
    /** {@code linux/seccomp.h}. */
    static final int SECCOMP_SET_MODE_FILTER = 1;

    static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    static final int SECCOMP_RET_ERRNO = 0x00050000;

    /**
     * {@code linux/bpf_common.h}: load a word from an absolute offset; jump if equal to a constant; return a constant.
     */
    static final int LOAD = 0x20;

    static final int JUMP_IF_EQUAL = 0x15;
    static final int RETURN = 0x06;

    /** {@code sizeof(struct sock_filter)} of {@code linux/filter.h}: {@code __u16 code; __u8 jt, jf; __u32 k}. */
    static final int INSTRUCTION_SIZE = 8;
    /**
     * {@code sizeof(struct sock_fprog)}: {@code unsigned short len}, and at offset 8
     * {@code struct sock_filter *filter}.
     */
    static final int PROGRAM_SIZE = 16;

    static final int PROGRAM_FILTER = 8;

    /**
     * Numbers of system calls.
     *
     * @param seccomp number of {@code seccomp}
     * @param mounting {@code mount}, {@code umount2}, {@code pivot_root}, {@code unshare}, {@code setns}
     */
    record Numbers(int seccomp, List<Integer> mounting) {}

    /** {@code asm/unistd_64.h} of x86. */
    static final Numbers X86_64 = new Numbers(317, List.of(165, 166, 155, 272, 308));
    /** {@code asm-generic/unistd.h}. */
    static final Numbers AARCH64 = new Numbers(277, List.of(40, 39, 41, 97, 268));

    private static final Map<String, Numbers> NUMBERS = Map.of("amd64", X86_64, "aarch64", AARCH64);

    private Seccomp() {}

    /** Returns the numbers for this machine's processor; empty if they are unknown. */
    static Optional<Numbers> numbers() {
        return Optional.ofNullable(NUMBERS.get(System.getProperty("os.arch")));
    }

    /**
     * Denies the system calls that mount, unmount, and enter or create a mount namespace.
     *
     * @throws ErrnoException if the kernel refuses, or the numbers of the system calls are unknown for this processor
     *     ({@code ENOSYS})
     */
    public static void forbidMounting() throws ErrnoException {
        Numbers numbers = numbers().orElseThrow(() -> new ErrnoException("seccomp", ErrnoException.ENOSYS));
        int count = numbers.mounting().size();
        int length = count + 3;
        try (Memory filter = new Memory((long) length * INSTRUCTION_SIZE);
                Memory program = new Memory(PROGRAM_SIZE)) {
            // The number is the first word of struct seccomp_data.
            instruction(filter, 0, LOAD, 0, 0);
            for (int i = 0; i < count; i++) {
                // Jump over the subsequent comparisons and the instruction that allows.
                instruction(
                        filter,
                        1 + i,
                        JUMP_IF_EQUAL,
                        count - i,
                        numbers.mounting().get(i));
            }
            instruction(filter, count + 1, RETURN, 0, SECCOMP_RET_ALLOW);
            instruction(filter, count + 2, RETURN, 0, SECCOMP_RET_ERRNO | ErrnoException.EPERM);
            program.clear();
            program.setShort(0, (short) length);
            program.setPointer(PROGRAM_FILTER, filter);
            install(numbers.seccomp(), program);
        }
    }

    private static void instruction(Pointer filter, int index, int code, int jumpIfTrue, int constant) {
        long at = (long) index * INSTRUCTION_SIZE;
        filter.setShort(at, (short) code);
        filter.setByte(at + 2, (byte) jumpIfTrue);
        filter.setByte(at + 3, (byte) 0);
        filter.setInt(at + 4, constant);
    }

    private static void install(int seccomp, Pointer program) throws ErrnoException {
        try {
            // A positive result is a thread that could not take the filter; none is expected, as all threads have the
            // same filters.
            if (Libc.syscall(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, program) != 0) {
                throw new ErrnoException("seccomp", ErrnoException.EBUSY);
            }
        } catch (LastErrorException e) {
            throw new ErrnoException("seccomp", e.getErrorCode());
        }
    }
}
