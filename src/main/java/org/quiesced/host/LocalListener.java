// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** A listening local socket. */
public interface LocalListener extends AutoCloseable {
    /**
     * Waits for a connection.
     *
     * @throws IOException if the socket accepts no more connections
     */
    Connection accept() throws IOException;

    @Override
    void close();

    /** A bidirectional stream of bytes with a peer. One thread may read while another writes. */
    interface Connection extends AutoCloseable {
        /**
         * Returns the credentials of the peer, from the kernel.
         *
         * @throws IOException if they cannot be read
         */
        Peer peer() throws IOException;

        /**
         * Sets the time limit of a single {@link #read} or {@link #write}.
         *
         * @throws IOException if the connection is broken
         */
        void limitWaiting(Duration limit) throws IOException;

        /**
         * Reads available bytes, and waits for at least one.
         *
         * @return their number; 0 if the peer has closed the connection
         * @throws java.net.SocketTimeoutException if the time limit is reached
         * @throws IOException if the connection is broken
         */
        int read(byte[] buffer) throws IOException;

        /**
         * Writes all of the data.
         *
         * @throws java.net.SocketTimeoutException if the time limit is reached
         * @throws IOException if the connection is broken
         */
        void write(byte[] data) throws IOException;

        /**
         * Returns whether the peer has closed the connection, or has sent data that were not requested.
         *
         * @throws IOException if the connection is broken
         */
        boolean isClosedByPeer() throws IOException;

        @Override
        void close();
    }

    /**
     * The process at the other end.
     *
     * @param user its user ID
     * @param groups the IDs of all its groups
     */
    record Peer(int user, Set<Integer> groups) {
        /** Copies the set. */
        public Peer {
            groups = Set.copyOf(groups);
        }
    }
}
