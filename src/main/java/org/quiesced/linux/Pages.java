// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;

/** Pages of this process's memory that are mapped from a file. Addresses and lengths are multiples of the page size. */
public final class Pages {
    /** This and the three below are from {@code asm-generic/mman-common.h}. */
    static final int PROT_READ = 1;

    static final int PROT_WRITE = 2;
    static final int MADV_DONTNEED = 4;
    static final int MADV_POPULATE_WRITE = 23;

    private Pages() {}

    /**
     * Unmaps pages (madvise(2), {@code MADV_DONTNEED}). The next access maps them again, from the file. Private copies
     * are lost, so this is only for mappings without any.
     *
     * @throws ErrnoException if they are locked in memory, or not mapped
     */
    public static void unmap(long address, long length) throws ErrnoException {
        try {
            Libc.madvise(address, length, MADV_DONTNEED);
        } catch (LastErrorException e) {
            throw new ErrnoException("madvise", e.getErrorCode());
        }
    }

    /**
     * Makes private copies of all pages of a writable private mapping (madvise(2), {@code MADV_POPULATE_WRITE}). The
     * content does not change, and other threads may write to it at the same time.
     *
     * @throws ErrnoException if the kernel is older than 5.14, or memory is insufficient
     */
    public static void copy(long address, long length) throws ErrnoException {
        try {
            Libc.madvise(address, length, MADV_POPULATE_WRITE);
        } catch (LastErrorException e) {
            throw new ErrnoException("madvise", e.getErrorCode());
        }
    }

    /**
     * Makes private copies of all pages of a read-only private mapping. The mapping is writable until this method
     * returns.
     *
     * @throws ErrnoException as {@link #copy} does, or if the mapping cannot be made writable
     */
    public static void copyReadOnly(long address, long length) throws ErrnoException {
        try {
            Libc.mprotect(address, length, PROT_READ | PROT_WRITE);
            try {
                copy(address, length);
            } finally {
                Libc.mprotect(address, length, PROT_READ);
            }
        } catch (LastErrorException e) {
            throw new ErrnoException("mprotect", e.getErrorCode());
        }
    }
}
