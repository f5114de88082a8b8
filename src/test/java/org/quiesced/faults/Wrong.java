// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

/**
 * What is wrong with a call.
 *
 * @param number which of the errors of the call's {@link Site}; for {@link Kind#LATE}, by how many seconds
 */
record Wrong(Kind kind, int number) {
    enum Kind {
        /** It gives an error, and has done nothing. */
        FAILS,
        /** It does what it should, but returns so much later. */
        LATE,
        /** It throws what no caller expects. */
        DEFECT,
        /** It gives its answer without the disks. */
        PARTIAL,
        /** The device of the call vanishes. */
        VANISHES,
        /** Somebody tries to mount the disk of the call's device just before it. */
        MOUNTED,
        /** A process opens the disk of the call's device just before it, writes to it, and keeps it open. */
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
