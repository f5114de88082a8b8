// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The kernel's announcements that devices come, go and change. For one thread. */
public interface DeviceEvents extends AutoCloseable {
    /** What is announced. */
    sealed interface Notice {}

    /**
     * Something happened to a device.
     *
     * @param action the kernel's word: {@code add}, {@code remove}, {@code bind}, {@code unbind}, {@code move}, {@code change} and others
     * @param path the device's path below {@code /sys}
     * @param subsystem its bus or class
     */
    record Change(String action, String path, String subsystem) implements Notice {}

    /** There was more than we could take in, and some was lost: only a look at everything helps. */
    record Lost() implements Notice {}

    /**
     * Waits for the next notice.
     *
     * @param limit how long to wait at the most
     * @return the notice, or nothing if there was none in time; there may be nothing before that, too
     * @throws IOException if there will be no more notices
     */
    Optional<Notice> await(Duration limit) throws IOException;

    @Override
    void close();
}
