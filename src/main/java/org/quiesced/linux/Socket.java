// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A socket with a type or an operation that Java lacks: local datagrams, credentials of a peer, netlink. One thread may
 * send while another receives; any thread may call {@link #close}, which wakes up both. Each method throws an {@link
 * ErrnoException} with the error of the system call that failed: {@link ErrnoException#EAGAIN} if a time limit has
 * passed.
 */
public final class Socket implements AutoCloseable {
    static final int AF_UNIX = 1;
    static final int AF_NETLINK = 16;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 02000000;
    static final int NETLINK_KOBJECT_UEVENT = 15;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int SHUT_RDWR = 2;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDTIMEO = 21;
    static final int POLLIN = 1;

    static final CStruct.Field NL_FAMILY = new CStruct.Field("nl_family", 0, 2);
    static final CStruct.Field NL_PID = new CStruct.Field("nl_pid", 4, 4);
    static final CStruct.Field NL_GROUPS = new CStruct.Field("nl_groups", 8, 4);
    /** {@code struct sockaddr_nl} of {@code linux/netlink.h}. */
    static final CStruct.Layout NETLINK_ADDRESS =
            new CStruct.Layout("struct sockaddr_nl", 12, List.of(NL_FAMILY, NL_PID, NL_GROUPS));

    private final String name;
    private final int fd;
    private boolean closed;

    private Socket(String name, int fd) {
        this.name = name;
        this.fd = fd;
    }

    /** Connects to a local datagram socket. A leading {@code @} of its path denotes the abstract namespace. */
    public static Socket datagrams(String path) throws ErrnoException {
        return datagrams(path, Duration.ZERO);
    }

    /**
     * Connects to a local datagram socket, with a time limit (zero: none): send(2) blocks while the peer's queue is
     * full ({@code unix_dgram_sendmsg} in {@code net/unix/af_unix.c}).
     */
    public static Socket datagrams(String path, Duration limit) throws ErrnoException {
        return connected(path, SOCK_DGRAM, limit);
    }

    /** Connects to a local stream socket. */
    public static Socket stream(String path) throws ErrnoException {
        return connected(path, SOCK_STREAM, Duration.ZERO);
    }

    /**
     * Connects to a local stream socket, with a time limit (zero: none) that also applies to connecting: connect(2)
     * blocks while the peer's queue is full ({@code unix_stream_connect} in {@code net/unix/af_unix.c}).
     */
    public static Socket stream(String path, Duration limit) throws ErrnoException {
        return connected(path, SOCK_STREAM, limit);
    }

    private static Socket connected(String path, int type, Duration limit) throws ErrnoException {
        Socket socket = open(path, AF_UNIX, type, 0);
        try (UnixAddress address = UnixAddress.of(path)) {
            if (!limit.isZero()) {
                socket.limitWaiting(limit);
            }
            Libc.connect(socket.fd, address.pointer(), address.length());
            return socket;
        } catch (LastErrorException e) {
            socket.close();
            throw new ErrnoException(path, e.getErrorCode());
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Creates a local socket that listens for connections.
     *
     * @throws ErrnoException if that fails, for example because the path exists
     */
    public static Socket listener(String path, int backlog) throws ErrnoException {
        try (UnixAddress address = UnixAddress.of(path)) {
            Socket socket = open(path, AF_UNIX, SOCK_STREAM, 0);
            try {
                Libc.bind(socket.fd, address.pointer(), address.length());
                Libc.listen(socket.fd, backlog);
                return socket;
            } catch (LastErrorException e) {
                socket.close();
                throw new ErrnoException(path, e.getErrorCode());
            }
        }
    }

    /**
     * Subscribes to the kernel's uevents (netlink(7), {@code lib/kobject_uevent.c}).
     *
     * @param buffer size of the receive buffer in bytes, as the kernel counts them (with its overhead); bounded by
     *     {@code net.core.rmem_max} unless the process has CAP_NET_ADMIN
     */
    public static Socket uevents(int buffer) throws ErrnoException {
        Socket socket = open("uevents", AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
        CStruct address =
                new CStruct(NETLINK_ADDRESS).set(NL_FAMILY, AF_NETLINK).set(NL_GROUPS, 1);
        try {
            if (!socket.setOption(SO_RCVBUFFORCE, buffer)) {
                socket.setOption(SO_RCVBUF, buffer);
            }
            Libc.bind(socket.fd, address.pointer(), NETLINK_ADDRESS.size());
            return socket;
        } catch (LastErrorException e) {
            socket.close();
            throw new ErrnoException("uevents", e.getErrorCode());
        }
    }

    private static Socket open(String name, int domain, int type, int protocol) throws ErrnoException {
        try {
            return new Socket(name, Libc.socket(domain, type | SOCK_CLOEXEC, protocol));
        } catch (LastErrorException e) {
            throw new ErrnoException(name, e.getErrorCode());
        }
    }

    /**
     * Waits for a connection and accepts it.
     *
     * @throws ErrnoException if the socket is closed, or the system call fails
     */
    public Socket accept() throws ErrnoException {
        while (true) {
            try {
                return new Socket(name, Libc.accept4(fd, Pointer.NULL, Pointer.NULL, SOCK_CLOEXEC));
            } catch (LastErrorException e) {
                throwUnlessInterrupted(e);
            }
        }
    }

    /**
     * Sets the time limit for which one call waits for data or for room to send; a call that reaches it fails with
     * {@link ErrnoException#EAGAIN}.
     */
    public void limitWaiting(Duration limit) throws ErrnoException {
        try (Memory time = new Memory(16)) {
            time.setLong(0, limit.toSeconds());
            time.setLong(8, limit.toNanosPart() / 1000L);
            Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time, 16);
            Libc.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time, 16);
        } catch (LastErrorException e) {
            throw new ErrnoException(name, e.getErrorCode());
        }
    }

    /**
     * Returns the size of the receive buffer in bytes, with the kernel's overhead: twice the size that was set
     * (socket(7), SO_RCVBUF).
     */
    public int receiveBuffer() throws ErrnoException {
        try (Memory value = new Memory(4);
                Memory length = new Memory(4)) {
            length.setInt(0, 4);
            Libc.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, length);
            return value.getInt(0);
        } catch (LastErrorException e) {
            throw new ErrnoException(name, e.getErrorCode());
        }
    }

    /** Sets an option and returns whether the kernel accepted it. */
    private boolean setOption(int option, int value) {
        try (Memory memory = new Memory(4)) {
            memory.setInt(0, value);
            Libc.setsockopt(fd, SOL_SOCKET, option, memory, 4);
            return true;
        } catch (LastErrorException e) {
            return false;
        }
    }

    /** Returns the credentials of the peer of a local stream, as of the time of its connection. */
    public PeerCredentials peer() throws ErrnoException {
        try {
            return PeerCredentials.of(fd);
        } catch (LastErrorException e) {
            throw new ErrnoException(name, e.getErrorCode());
        }
    }

    /**
     * Waits for data to receive.
     *
     * @return whether there is data; false if the limit has passed or a signal has interrupted the wait
     */
    public boolean awaitData(Duration limit) throws ErrnoException {
        // struct pollfd of poll.h: int fd, short events, short revents
        try (Memory polled = new Memory(8)) {
            polled.setInt(0, fd);
            polled.setInt(4, POLLIN);
            return Libc.poll(polled, 1, (int) Math.min(Integer.MAX_VALUE, limit.toMillis())) > 0;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == ErrnoException.EINTR) {
                return false;
            }
            throw new ErrnoException(name, e.getErrorCode());
        }
    }

    /**
     * Receives data; waits if there is none.
     *
     * @return number of bytes received; 0 at the end of a stream. A datagram longer than the buffer is truncated
     * @throws ErrnoException if that fails; with {@link ErrnoException#ENOBUFS} if messages of netlink were lost
     */
    public int receive(byte[] buffer) throws ErrnoException {
        return receive(buffer, Pointer.NULL, Pointer.NULL).orElse(0);
    }

    /**
     * Receives a netlink message; waits if there is none.
     *
     * @return its number of bytes; empty if the kernel was not the sender
     * @throws ErrnoException as {@link #receive} does
     */
    public OptionalInt receiveFromKernel(byte[] buffer) throws ErrnoException {
        CStruct sender = new CStruct(NETLINK_ADDRESS);
        try (Memory length = new Memory(4)) {
            length.setInt(0, NETLINK_ADDRESS.size());
            OptionalInt received = receive(buffer, sender.pointer(), length);
            return sender.get(NL_PID) == 0 ? received : OptionalInt.empty();
        }
    }

    private OptionalInt receive(byte[] buffer, Pointer address, Pointer addressLength) throws ErrnoException {
        while (true) {
            try {
                return OptionalInt.of((int) Libc.recvfrom(fd, buffer, buffer.length, 0, address, addressLength));
            } catch (LastErrorException e) {
                throwUnlessInterrupted(e);
            }
        }
    }

    /** Sends all of the data; waits for room. */
    public void send(byte[] data) throws ErrnoException {
        byte[] rest = data;
        while (rest.length > 0) {
            try {
                int sent = (int) Libc.send(fd, rest, rest.length, MSG_NOSIGNAL);
                rest = Arrays.copyOfRange(rest, sent, rest.length);
            } catch (LastErrorException e) {
                throwUnlessInterrupted(e);
            }
        }
    }

    private void throwUnlessInterrupted(LastErrorException e) throws ErrnoException {
        if (e.getErrorCode() != ErrnoException.EINTR) {
            throw new ErrnoException(name, e.getErrorCode());
        }
    }

    /** Closes the socket, and wakes up calls that wait for it. A second call has no effect. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Libc.shutdown(fd, SHUT_RDWR);
        } catch (LastErrorException e) {
            // The socket is not connected, so no call waits for it.
        }
        try {
            Libc.close(fd);
        } catch (LastErrorException e) {
            return;
        }
    }
}
