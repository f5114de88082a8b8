// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/**
 * The attributes of a disk that make its driver stop it, whatever their names, cleared while the driver leaves:
 * {@code sd_remove} calls {@code sd_shutdown} ({@code drivers/scsi/sd.c}), which stops the disk at every verb if
 * {@code manage_system_start_stop} is set, or since Linux 6.17 {@code manage_runtime_start_stop}.
 * {@code manage_start_stop} is a read-only summary of the others since Linux 6.6. Unless the driver has left, each gets
 * its own value back: the kernel will shut the disk down after all.
 */
final class StopAttributes implements AutoCloseable {
    private static final String PREFIX = "manage_";

    private final Attributes attributes;
    private final Device scsiDisk;
    private final Map<String, String> before = new LinkedHashMap<>();
    private boolean driverHasLeft;

    private StopAttributes(Attributes attributes, Device scsiDisk) {
        this.attributes = attributes;
        this.scsiDisk = scsiDisk;
    }

    /**
     * Clears the attributes.
     *
     * @throws GivenUpException if the device was given up; all are as before then
     * @throws IOException if one cannot be cleared; all are as before then
     */
    static StopAttributes clear(Device scsiDisk, Attributes attributes, ShutdownMethod.Progress progress)
            throws IOException {
        StopAttributes cleared = new StopAttributes(attributes, scsiDisk);
        try {
            for (String name : attributes.writable(scsiDisk)) {
                Optional<String> value = attributes.read(scsiDisk, name).filter(text -> !text.equals("0"));
                if (name.startsWith(PREFIX) && value.isPresent()) {
                    progress.act();
                    cleared.before.put(name, value.get());
                    attributes.write(scsiDisk, name, "0");
                }
            }
            return cleared;
        } catch (IOException | RuntimeException | Error e) {
            cleared.close();
            throw e;
        }
    }

    /**
     * Gives each of these attributes the value that it had when the device was planned, as far as it can be.
     *
     * @throws IOException if that fails for one of them
     */
    static void restore(Device planned, Attributes attributes) throws IOException {
        Optional<IOException> first = Optional.empty();
        for (String name : attributes.writable(planned)) {
            Optional<String> value = planned.attribute(name);
            if (name.startsWith(PREFIX) && value.isPresent()) {
                try {
                    attributes.write(planned, name, value.get());
                } catch (IOException e) {
                    first = first.or(() -> Optional.of(e));
                }
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }

    /** Says that there is nothing to be put back. */
    void driverHasLeft() {
        driverHasLeft = true;
    }

    /** Puts the values back, each as far as it can be. */
    @Override
    public void close() {
        if (driverHasLeft) {
            return;
        }
        before.forEach((name, value) -> {
            try {
                attributes.write(scsiDisk, name, value);
            } catch (IOException | RuntimeException e) {
                // The disk is gone, or its driver is: then nobody reads the attribute. The others are still to be put
                // back.
                return;
            }
        });
    }
}
