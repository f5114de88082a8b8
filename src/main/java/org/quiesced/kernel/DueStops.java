// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Map;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.shutdown.Verb;

/**
 * Notes of drives that are unbound but still have to be stopped, which the kernel does not do for a drive without a
 * driver. A note outlives its process, so that another process can complete the stop. Thread-safe, also across
 * processes. Best effort: a note that cannot be written is dropped, as notes are needed only if the process dies.
 */
public interface DueStops {
    /**
     * Notes a drive. To be called before its driver is unbound.
     *
     * @param device the drive, with the driver that is unbound; ignored if it has none
     * @param verbs the verbs for which the drive is to be stopped
     */
    void note(Device device, Set<Verb> verbs);

    /**
     * Removes the note of a drive that has been stopped, or whose driver has been bound again. Has no effect if there
     * is none.
     */
    void clear(Device device);

    /**
     * Returns the drives that were noted by processes that have ended, with their verbs. The drives have the bus and
     * the driver that were noted, and no attributes.
     */
    Map<Device, Set<Verb>> left();
}
