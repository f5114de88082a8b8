// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

/** Counters of disks, for tests. */
public final class Counters {
    private Counters() {}

    /** Returns the counters of a disk that was only read. */
    public static Usage.Traffic reads(long inFlight, long completed, long sectors) {
        return new Usage.Traffic(new Usage.Requests(inFlight, completed, sectors), Usage.Requests.NONE);
    }

    /** Returns the counters of a disk that was only written. */
    public static Usage.Traffic writes(long inFlight, long completed, long sectors) {
        return new Usage.Traffic(Usage.Requests.NONE, new Usage.Requests(inFlight, completed, sectors));
    }
}
