// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.quiesced.device.Device;

/**
 * A step of a method, as a plan shows it.
 *
 * @param type its type
 * @param names the objects of the step: disks, a driver, a controller or a holder
 * @param notifies whether the step sends the drive its normal shutdown notification
 */
public record Step(Type type, List<String> names, boolean notifies) {
    /** The type of a step. The JSON form is the name in lower case. */
    public enum Type {
        /** Flushes the disks of an NVMe controller. */
        FLUSH,
        /** Flushes the disks of an NVMe controller if it has a volatile write cache. */
        FLUSH_IF_CACHED,
        /** Synchronizes the cache of SCSI disks. */
        SYNCHRONIZE,
        /** Unbinds the driver. */
        UNBIND,
        /** Deletes a controller over a fabric. */
        DISCONNECT,
        /** Sets CC.SHN through VFIO. */
        NOTIFY_BY_VFIO,
        /** Sets CC.SHN through the file {@code resource0} of the device. */
        NOTIFY_BY_RESOURCE,
        /** Stops disks, or a holder. */
        STOP;

        /** Returns the JSON form. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the list. */
    public Step {
        names = List.copyOf(names);
    }

    static Step of(Type type, List<Device> devices) {
        return new Step(type, devices.stream().map(Device::name).toList(), false);
    }

    static Step of(Type type, Device device) {
        return of(type, List.of(device));
    }

    static Step unbind(Target target) {
        return new Step(Type.UNBIND, List.of(target.driver()), false);
    }

    Step notifying() {
        return new Step(type, names, true);
    }

    /** Returns the step in words. */
    public String describe() {
        String what = names.isEmpty() ? "no disks" : String.join(", ", names);
        String words = switch (type) {
            case FLUSH -> "flush " + what;
            case FLUSH_IF_CACHED -> "flush " + what + " if there is a volatile write cache";
            case SYNCHRONIZE -> "synchronize the cache of " + what;
            case UNBIND -> "unbind " + what;
            case DISCONNECT -> "disconnect " + what;
            case NOTIFY_BY_VFIO -> "set CC.SHN through VFIO";
            case NOTIFY_BY_RESOURCE -> "set CC.SHN through resource0";
            case STOP -> "stop " + what;
        };
        return words + (notifies ? " (normal shutdown notification)" : "");
    }
}
