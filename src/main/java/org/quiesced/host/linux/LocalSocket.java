// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.host.LocalListener;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.PeerCredentials;
import org.quiesced.linux.Socket;

/** Local sockets (unix(7)). */
public final class LocalSocket implements LocalListener {
    private static final int BACKLOG = 16;

    private final Socket socket;

    private LocalSocket(Socket socket) {
        this.socket = socket;
    }

    /**
     * Creates a listening socket to which only its owner, and the members of an optional group, may connect.
     *
     * @param group the name or the ID of the group
     * @throws IOException if that fails, for example because there is no such group
     */
    public static LocalSocket listen(Path path, Optional<String> group) throws IOException {
        // Rename the socket to its final name once its permissions are set.
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Socket socket = Socket.listener(fresh.toString(), BACKLOG);
        try {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            if (group.isPresent()) {
                GroupPrincipal principal =
                        fresh.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get());
                Files.getFileAttributeView(fresh, PosixFileAttributeView.class).setGroup(principal);
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw----"));
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            return new LocalSocket(socket);
        } catch (IOException e) {
            socket.close();
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /**
     * Connects to a socket.
     *
     * @throws IOException if no process listens, or the permission is denied
     */
    public static Connection connect(Path path) throws IOException {
        return new Stream(Socket.stream(path.toString()));
    }

    /**
     * Connects to a socket, with a time limit that also applies to each read and write until another is set.
     *
     * @throws IOException if no process listens, the permission is denied, or the limit is reached
     */
    static Connection connect(Path path, Duration limit) throws IOException {
        return new Stream(Socket.stream(path.toString(), limit));
    }

    @Override
    public Connection accept() throws IOException {
        return new Stream(socket.accept());
    }

    @Override
    public void close() {
        socket.close();
    }

    private record Stream(Socket socket) implements Connection {
        @Override
        public Peer peer() throws IOException {
            PeerCredentials peer = socket.peer();
            return new Peer(peer.user(), peer.groups());
        }

        @Override
        public void limitWaiting(Duration limit) throws IOException {
            socket.limitWaiting(limit);
        }

        @Override
        public int read(byte[] buffer) throws IOException {
            try {
                return socket.receive(buffer);
            } catch (ErrnoException e) {
                throw orTimeout(e);
            }
        }

        @Override
        public void write(byte[] data) throws IOException {
            try {
                socket.send(data);
            } catch (ErrnoException e) {
                throw orTimeout(e);
            }
        }

        private static IOException orTimeout(ErrnoException e) {
            return e.errno() == ErrnoException.EAGAIN ? new SocketTimeoutException("too slow") : e;
        }

        @Override
        public boolean isClosedByPeer() throws IOException {
            return socket.awaitData(Duration.ZERO);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
