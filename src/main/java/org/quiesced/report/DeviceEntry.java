// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;

/** A device of a plan or of a record, in the order of discovery. */
public interface DeviceEntry {
    /** Returns its sysfs name. */
    String device();

    /** Returns its path below {@code /sys}; empty if unknown. */
    String path();

    /** Returns its name, and that of its controller or disk in parentheses. */
    String label();

    /** Returns the names of the nearest dependents that have a driver. */
    List<String> waitsFor();
}
