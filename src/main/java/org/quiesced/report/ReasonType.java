// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What kind a {@link ReasonJson} is. In JSON it is its name in lower case. */
public enum ReasonType {
    /** Handled: the configuration names its driver or the device. */
    OPTED_IN,
    /** Handled, one by one: the configuration does not name it. */
    NOT_OPTED_IN,
    /** Handled in parallel: {@code mode} is {@code on}. */
    MODE_ON,
    /** {@code mode} is {@code off}. */
    MODE_OFF,
    /** There is no method for its {@code driver}. */
    NO_METHOD,
    /** The configuration lacks {@code method = expected} for {@code driver}. */
    METHOD_NOT_SET,
    /** The configuration says {@code shutdown = "kernel"}. */
    OPTED_OUT,
    /** The configuration does not name it, and the kernel shuts it down in parallel itself. */
    KERNEL_IS_PARALLEL,
    /** Its disk {@code device} has {@code users}. */
    IN_USE,
    /** {@code device} is in {@code state}, not in {@code expected}. */
    NOT_WORKING,
    /** Its driver is {@code driver}, not the planned one. */
    OTHER_DRIVER,
    /** The connection of {@code device} belongs to {@code users}. */
    OWNED,
    /** It is reached through the network, which may be gone; {@code inFlight}: it is being disconnected. */
    NETWORK_GONE,
    /** {@code device} is runtime-suspended. */
    SUSPENDED,
    /** It cannot be determined whether it is in use: {@code error}. */
    USE_UNKNOWN,
    /** The configuration excludes it from {@code phase} of {@code verb}. */
    OTHER_PHASE,
    /** Nobody was seen to release {@code device} in this shutdown. */
    NOT_RELEASED,
    /** The shutdown was cancelled. */
    CANCELLED,
    /** The shutdown hook has ended; {@code inFlight}. */
    HOOK_ENDED,
    /** The device in {@code devices} depends on it, and is left to the kernel. */
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
    /** Its driver is gone, and it did not confirm its shutdown within {@code after}. */
    UNCONFIRMED,
    /** It was disconnected, and not notified, for its target does not answer. */
    UNREACHED,
    /** It was notified, and did not confirm its shutdown within {@code after}. */
    UNANSWERED;

    /** Returns the type as JSON has it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
