// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

/**
 * A fault of a call.
 *
 * @param number the index of the error among those of the call's {@link Site}, or in {@link Site#DEFECTS}; for {@link
 *     Kind#LATE}, the delay in seconds
 */
record Wrong(Kind kind, int number) {
    enum Kind {
        /** The call fails with an error, and has no effect. */
        FAILS,
        /** The call takes effect, and returns, with a delay. */
        LATE,
        /** The call throws an unchecked exception. */
        DEFECT,
        /** The answer lacks the disks. */
        PARTIAL,
        /** The device of the call vanishes. */
        VANISHES,
        /** Another process tries to mount the disk of the call's device just before the call. */
        MOUNTED,
        /** A process opens the disk of the call's device just before the call, writes to it, and keeps it open. */
        WRITTEN
    }

    @Override
    public String toString() {
        return kind + "-" + number;
    }

    static Wrong parse(String text) {
        int dash = text.indexOf('-');
        return new Wrong(Kind.valueOf(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }
}
