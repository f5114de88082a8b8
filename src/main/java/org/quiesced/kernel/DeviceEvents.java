// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The kernel's events about devices that are added, removed or changed. Not thread-safe. */
public interface DeviceEvents extends AutoCloseable {
    /** An event, or the loss of events. */
    sealed interface Notice {}

    /**
     * An event of a device.
     *
     * @param action the kernel's name of the event: {@code add}, {@code remove}, {@code bind}, {@code unbind}, {@code
     *     move}, {@code change} and others
     * @param path the device's path below {@code /sys}
     * @param subsystem its bus or class
     */
    record Change(String action, String path, String subsystem) implements Notice {}

    /** More events arrived than could be buffered, and some were lost: the whole tree must be read again. */
    record Lost() implements Notice {}

    /**
     * Waits for the next notice.
     *
     * @param limit maximum time to wait
     * @return the next notice, or empty if there was none in time; may be empty before the limit has passed
     * @throws IOException if the source has ended
     */
    Optional<Notice> await(Duration limit) throws IOException;

    @Override
    void close();
}
