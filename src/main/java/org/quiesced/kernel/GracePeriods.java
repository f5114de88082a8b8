// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

/**
 * Control over expedited RCU grace periods. A driver's removal waits for several grace periods, each of which takes
 * some tens of milliseconds by default.
 */
public interface GracePeriods {
    /**
     * Enables expedited grace periods, at the cost of interrupts on the processors. The kernel does the same during
     * boot and before it suspends ({@code kernel/rcu/tree.c}, {@code rcu_pm_notify}). Has no effect if the setting is
     * not available. Thread-safe; several processes may enable the setting at the same time, and each restores the
     * value from before the first of them.
     *
     * @return an action that restores the former value, to be run once, on any thread
     */
    Runnable expedite();

    /**
     * Restores the value from before a process that called {@link #expedite} and died without restoring it, or from
     * before this process called it. Changes nothing if there was no such call, or if another process that called it is
     * alive.
     *
     * @return whether there was a value to restore
     */
    boolean recover();
}
