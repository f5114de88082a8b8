// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

/** The reason why no command is sent to a device and its driver stays bound. */
public sealed interface Unready {
    /** Returns the reason in words. */
    String describe();

    /**
     * The device, or the path to it, does not work at present, and a command to it may block forever.
     *
     * @param device the device whose attribute {@code state} shows that
     * @param state the value of that attribute
     * @param expected the value for a device that works
     */
    record NotWorking(String device, String state, String expected) implements Unready {
        @Override
        public String describe() {
            return device + " is " + state + ", not " + expected;
        }
    }

    /**
     * The device has another driver than the planned one, for example to be passed to a virtual machine.
     *
     * @param driver its present driver
     */
    record OtherDriver(String driver) implements Unready {
        @Override
        public String describe() {
            return "its driver is now " + driver;
        }
    }

    /**
     * The connection of the device has an owner that manages it.
     *
     * @param device the controller
     * @param owner its owner in the registry of nvme-cli
     */
    record Owned(String device, String owner) implements Unready {
        @Override
        public String describe() {
            return device + " belongs to " + owner + " in the registry of connections";
        }
    }

    /**
     * The device is runtime-suspended: its driver has written its cache, and unbinding the driver would wake the
     * device.
     */
    record Suspended(String device) implements Unready {
        @Override
        public String describe() {
            return device + " is suspended, so there is nothing to do";
        }
    }
}
