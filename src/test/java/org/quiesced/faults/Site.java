// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.List;

/** The calls of the kernel port that a run makes, and the errors that each can give. */
enum Site {
    READ_BELOW("Too many open files", "Input/output error"),
    CLAIM(
            "in use",
            "No such file or directory",
            "No such device or address",
            "Input/output error",
            "No medium found",
            "Too many open files",
            "Cannot allocate memory"),
    CLOSE,
    LOOK("Permission denied", "Too many open files"),
    WRITE_BACK("Input/output error", "Too many open files"),
    TRAFFIC("No such file or directory", "Input/output error"),
    IS_BOUND,
    UNBIND("No such device", "No such file or directory", "Device or resource busy", "Operation not permitted"),
    AWAIT_UNBOUND("Input/output error", "Permission denied"),
    DEPENDENTS("Too many open files", "Input/output error"),
    PARAMETER("absent"),
    WRITABLE("Too many open files"),
    MARK("absent"),
    LINES("absent"),
    READ("absent"),
    WRITE("Operation not permitted", "Input/output error", "Read-only file system", "No such device"),
    IDENTIFY("Interrupted system call", "Input/output error", "No such device", "Inappropriate ioctl for device"),
    FLUSH("Input/output error", "No such device", "internal error (status type 0h, code 06h)"),
    SYNC("Input/output error", "No such device or address", "medium error, write error", "not ready"),
    STOP("Input/output error", "No such device", "hardware error"),
    IS_THERE,
    STOP_HOLDER("Input/output error", "in use", "No such device or address", "it is suspended"),
    ANNOUNCE("Permission denied", "No such file or directory"),
    BIND("No such device", "Input/output error"),
    REGISTER("Operation not permitted", "Input/output error"),
    NOTIFIED("Input/output error"),
    EXPEDITE,
    START("Resource temporarily unavailable", "Cannot allocate memory"),
    START_RESERVED("Resource temporarily unavailable");

    /** Unchecked exceptions for a bug or a lack of memory, which any call within a device's task can throw. */
    static final List<String> DEFECTS = List.of("defect", "no memory");

    private final List<String> errors;
    private volatile List<Wrong> faults;

    Site(String... errors) {
        this.errors = List.of(errors);
    }

    /** Returns whether the call changes something at a device. */
    boolean changes() {
        return this == UNBIND
                || this == BIND
                || this == WRITE
                || this == STOP
                || this == FLUSH
                || this == SYNC
                || this == STOP_HOLDER;
    }

    /** Returns all faults that a call can have. */
    List<Wrong> faults() {
        if (faults == null) {
            faults = List.copyOf(allFaults());
        }
        return faults;
    }

    private List<Wrong> allFaults() {
        List<Wrong> all = new ArrayList<>();
        for (int i = 0; i < errors.size(); i++) {
            all.add(new Wrong(Wrong.Kind.FAILS, i));
        }
        if (this == START || this == START_RESERVED) {
            return all;
        }
        all.add(new Wrong(Wrong.Kind.LATE, 2));
        all.add(new Wrong(Wrong.Kind.LATE, 25));
        all.add(new Wrong(Wrong.Kind.LATE, 100));
        all.add(new Wrong(Wrong.Kind.LATE, 3_600));
        if (this == EXPEDITE) {
            return all;
        }
        for (int i = 0; i < 2 && this != CLOSE; i++) {
            all.add(new Wrong(Wrong.Kind.DEFECT, i));
        }
        if (this == READ_BELOW) {
            all.add(new Wrong(Wrong.Kind.PARTIAL, 0));
        }
        if (this != LOOK && this != PARAMETER && this != MARK && this != LINES) {
            all.add(new Wrong(Wrong.Kind.VANISHES, 0));
            all.add(new Wrong(Wrong.Kind.MOUNTED, 0));
            all.add(new Wrong(Wrong.Kind.WRITTEN, 0));
        }
        return all;
    }

    String error(int number) {
        return errors.get(number);
    }
}
