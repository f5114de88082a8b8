// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private static final String CLEAR = "0";

    private final Attributes attributes;
    private final Device scsiDisk;
    private final Map<String, String> before = new LinkedHashMap<>();
    private boolean driverHasLeft;

    private StopAttributes(Attributes attributes, Device scsiDisk) {
        this.attributes = attributes;
        this.scsiDisk = scsiDisk;
    }

    /**
     * Returns a disk with the present values of these attributes, as far as they can be written, in place of those of
     * the plan.
     *
     * @param planned the disk as the plan has it
     * @throws IOException if the disk is there and cannot be looked at
     */
    static Device present(Device planned, Attributes attributes) throws IOException {
        Map<String, String> values = new HashMap<>(planned.attributes());
        values.keySet().removeIf(name -> name.startsWith(PREFIX));
        for (String name : attributes.writable(planned)) {
            if (name.startsWith(PREFIX)) {
                attributes.read(planned, name).ifPresent(value -> values.put(name, value));
            }
        }
        return new Device(planned.path(), planned.subsystem(), planned.onBus(), planned.driver(), values);
    }

    /** Those that make the driver stop the disk, in the order of their names. */
    private static Map<String, String> thatAreSet(Device present) {
        Map<String, String> values = new TreeMap<>(present.attributes());
        values.entrySet()
                .removeIf(value ->
                        !value.getKey().startsWith(PREFIX) || value.getValue().equals(CLEAR));
        return values;
    }

    /**
     * Clears the attributes. Whoever does so goes on to take the driver away: in between, the kernel's own shutdown of
     * the disk would not stop it.
     *
     * @param scsiDisk the disk as {@link #present} has it
     * @throws IOException if one cannot be cleared; all are as before then
     */
    static StopAttributes clear(Device scsiDisk, Attributes attributes) throws IOException {
        StopAttributes cleared = new StopAttributes(attributes, scsiDisk);
        try {
            for (Map.Entry<String, String> value : thatAreSet(scsiDisk).entrySet()) {
                cleared.before.put(value.getKey(), value.getValue());
                attributes.write(scsiDisk, value.getKey(), CLEAR);
            }
            return cleared;
        } catch (IOException | RuntimeException | Error e) {
            cleared.close();
            throw e;
        }
    }

    /**
     * Gives each attribute that was cleared the value again that it had before, as far as it can be.
     *
     * @param scsiDisk the disk as it was cleared
     * @throws IOException if that fails for one of them
     */
    static void restore(Device scsiDisk, Attributes attributes) throws IOException {
        Optional<IOException> first = Optional.empty();
        for (Map.Entry<String, String> value : thatAreSet(scsiDisk).entrySet()) {
            try {
                attributes.write(scsiDisk, value.getKey(), value.getValue());
            } catch (IOException e) {
                first = first.or(() -> Optional.of(e));
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
