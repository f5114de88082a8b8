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
 * Clears the attributes of a disk that make its driver stop it, regardless of their names, while the driver is unbound.
 * {@code sd_remove} calls {@code sd_shutdown} ({@code drivers/scsi/sd.c}), which stops the disk at every verb if {@code
 * manage_system_start_stop} is set, or since Linux 6.17 {@code manage_runtime_start_stop}. {@code manage_start_stop} is
 * a read-only summary of the others since Linux 6.6. The values are restored unless the driver has been unbound,
 * because the kernel then shuts the disk down.
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
     * Returns a disk with the present values of these attributes, if they are writable, in place of the planned values.
     *
     * @param planned the disk as planned
     * @throws IOException if the disk exists and cannot be examined
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

    /** Returns the attributes that make the driver stop the disk, sorted by name. */
    private static Map<String, String> thatAreSet(Device present) {
        Map<String, String> values = new TreeMap<>(present.attributes());
        values.entrySet()
                .removeIf(value ->
                        !value.getKey().startsWith(PREFIX) || value.getValue().equals(CLEAR));
        return values;
    }

    /**
     * Clears the attributes. The caller must unbind the driver next: until then, the kernel's own shutdown of the disk
     * would not stop it.
     *
     * @param scsiDisk the disk as returned by {@link #present}
     * @throws IOException if one cannot be cleared; all are then restored if possible
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
     * Restores the value of each attribute that was cleared; continues after a failure.
     *
     * @param scsiDisk the disk as passed to {@link #clear}
     * @throws IOException if one of them cannot be restored
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

    /** Records that the driver is unbound, so that {@link #close} restores nothing. */
    void driverHasLeft() {
        driverHasLeft = true;
    }

    /** Restores the values unless the driver is unbound. Best effort. */
    @Override
    public void close() {
        if (driverHasLeft) {
            return;
        }
        before.forEach((name, value) -> {
            try {
                attributes.write(scsiDisk, name, value);
            } catch (IOException | RuntimeException e) {
                // The disk or its driver is gone, so the attribute has no effect. The others must still be restored.
                return;
            }
        });
    }
}
