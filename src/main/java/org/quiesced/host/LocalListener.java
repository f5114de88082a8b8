// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** A local socket that others of this machine connect to. */
public interface LocalListener extends AutoCloseable {
    /**
     * Waits for a connection.
     *
     * @throws IOException if there will be no more
     */
    Connection accept() throws IOException;

    @Override
    void close();

    /** A stream of bytes both ways, and who is at its other end. One thread may read while another writes. */
    interface Connection extends AutoCloseable {
        /** Returns who connected, as the kernel knows it. */
        Peer peer() throws IOException;

        /** Limits how long one {@link #read} or {@link #write} may wait. */
        void limitWaiting(Duration limit) throws IOException;

        /**
         * Reads what has come, or waits for it.
         *
         * @return how many bytes; 0 if the other end has closed
         * @throws java.net.SocketTimeoutException if nothing comes in time
         * @throws IOException if the connection is broken
         */
        int read(byte[] buffer) throws IOException;

        /**
         * Writes all of the data.
         *
         * @throws java.net.SocketTimeoutException if the other end does not take it in time
         * @throws IOException if it is gone
         */
        void write(byte[] data) throws IOException;

        /** Returns whether the other end has closed, or sends though it is not its turn. */
        boolean isClosedByPeer() throws IOException;

        @Override
        void close();
    }

    /**
     * A process at the other end.
     *
     * @param user the number of its user
     * @param groups the numbers of all groups that it is in
     */
    record Peer(int user, Set<Integer> groups) {
        /** Copies the set. */
        public Peer {
            groups = Set.copyOf(groups);
        }
    }
}
