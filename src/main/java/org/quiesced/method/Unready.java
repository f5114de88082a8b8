// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

/** Why a device is not asked anything and keeps its driver. */
public sealed interface Unready {
    /** Returns the reason in words. */
    String describe();

    /**
     * The device, or the way to it, does not work at this moment: whoever asks it may wait for ever.
     *
     * @param device the device whose attribute {@code state} says so
     * @param state what it says
     * @param expected what it should say
     */
    record NotWorking(String device, String state, String expected) implements Unready {
        @Override
        public String describe() {
            return device + " is " + state + ", not " + expected;
        }
    }

    /**
     * The device has another driver than the one that the plan saw, for example to be used by a virtual machine.
     *
     * @param driver the driver that it has now
     */
    record OtherDriver(String driver) implements Unready {
        @Override
        public String describe() {
            return "its driver is now " + driver;
        }
    }

    /** The device is runtime-suspended: its driver has written its cache, and to take the driver away would wake it. */
    record Suspended(String device) implements Unready {
        @Override
        public String describe() {
            return device + " is suspended, so there is nothing to do";
        }
    }
}
