// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The type of a {@link ReasonJson}. The JSON form is the name in lower case. */
public enum ReasonType {
    /** Handled, because the configuration names the device or its driver. */
    OPTED_IN,
    /** Handled one by one, because the configuration does not name the device. */
    NOT_OPTED_IN,
    /** Handled in parallel, because {@code mode} is {@code on}. */
    MODE_ON,
    /** Left to the kernel, because {@code mode} is {@code off}. */
    MODE_OFF,
    /** There is no method for its {@code driver}. */
    NO_METHOD,
    /** The configuration lacks {@code method = expected} for {@code driver}. */
    METHOD_NOT_SET,
    /** The configuration sets {@code shutdown = "kernel"}. */
    OPTED_OUT,
    /** The configuration does not name the device, and the kernel itself shuts it down in parallel. */
    KERNEL_IS_PARALLEL,
    /** The disk {@code device} has {@code users}. */
    IN_USE,
    /** The state of {@code device} is {@code state} instead of {@code expected}. */
    NOT_WORKING,
    /** Its driver is {@code driver} instead of the planned one. */
    OTHER_DRIVER,
    /** The connection of {@code device} belongs to {@code users}. */
    OWNED,
    /** Its connection needs the network, which may be gone; {@code inFlight} while it is being disconnected. */
    NETWORK_GONE,
    /** {@code device} is runtime-suspended. */
    SUSPENDED,
    /** It cannot be determined whether it is in use: {@code error}. */
    USE_UNKNOWN,
    /** The configuration excludes it from {@code phase} of {@code verb}. */
    OTHER_PHASE,
    /** No user was observed to release {@code device} in this shutdown. */
    NOT_RELEASED,
    /** The shutdown was cancelled. */
    CANCELLED,
    /** The shutdown hook has ended; {@code inFlight}. */
    HOOK_ENDED,
    /** A device that depends on it, in {@code devices}, is left to the kernel. */
    HELD_BACK,
    /** The {@code devices} depend on each other in a cycle. */
    CIRCULAR,
    /** A step failed with {@code error}. */
    FAILED,
    /** It did not end within {@code after}; {@code inFlight}. */
    TIMED_OUT,
    /** The deadline of the run passed; {@code inFlight}. */
    DEADLINE_REACHED,
    /** It is down, but the disk did not stop: {@code error}. */
    NOT_STOPPED,
    /** Its driver is gone, but it did not confirm its shutdown within {@code after}. */
    UNCONFIRMED,
    /** It was disconnected but not notified, because its target does not answer. */
    UNREACHED,
    /** It was notified, but did not confirm its shutdown within {@code after}. */
    UNANSWERED;

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
