// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The user and groups of the process at the other end of a local stream.
 *
 * @param user its user ID
 * @param groups the IDs of all its groups
 */
public record PeerCredentials(int user, Set<Integer> groups) {
    static final int SO_PEERCRED = 17;
    static final int SO_PEERGROUPS = 59;

    static final CStruct.Field PID = new CStruct.Field("pid", 0, 4);
    static final CStruct.Field UID = new CStruct.Field("uid", 4, 4);
    static final CStruct.Field GID = new CStruct.Field("gid", 8, 4);
    /** {@code struct ucred} of {@code sys/socket.h}. */
    static final CStruct.Layout CREDENTIALS = new CStruct.Layout("struct ucred", 12, List.of(PID, UID, GID));

    /** Maximum number of groups of a process ({@code NGROUPS_MAX} of {@code linux/limits.h}). */
    private static final int MOST_GROUPS = 65536;

    /** Reads the credentials of the peer (unix(7)). */
    static PeerCredentials of(int fd) throws LastErrorException {
        CStruct credentials = new CStruct(CREDENTIALS);
        try (Memory length = new Memory(4);
                Memory others = new Memory(4L * MOST_GROUPS)) {
            length.setInt(0, CREDENTIALS.size());
            Libc.getsockopt(fd, Socket.SOL_SOCKET, SO_PEERCRED, credentials.pointer(), length);
            Set<Integer> groups = new TreeSet<>();
            groups.add((int) credentials.get(GID));
            length.setInt(0, (int) others.size());
            Libc.getsockopt(fd, Socket.SOL_SOCKET, SO_PEERGROUPS, others, length);
            for (int group : others.getIntArray(0, length.getInt(0) / 4)) {
                groups.add(group);
            }
            return new PeerCredentials((int) credentials.get(UID), Set.copyOf(groups));
        }
    }
}
