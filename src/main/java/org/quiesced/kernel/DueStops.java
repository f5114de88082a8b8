// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Map;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.shutdown.Verb;

/**
 * Notes of SCSI disks from which a process takes the driver, and which are still to be stopped: nobody else stops a disk
 * without a driver. A note outlives its process, so that another one can complete what it has begun. Safe for use by
 * several threads and processes. What cannot be noted is not: that is needed only if the process dies.
 */
public interface DueStops {
    /**
     * Notes a disk. To be done before its driver is taken away.
     *
     * @param device the SCSI device
     * @param verbs before which the disk is to be stopped
     */
    void note(Device device, Set<Verb> verbs);

    /** Removes the note of a disk: it is stopped, or has its driver again. Does nothing if there is none. */
    void clear(Device device);

    /** Returns the disks that processes have noted which have ended since, with the verbs. */
    Map<Device, Set<Verb>> left();
}
