// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

/**
 * Control over expedited RCU grace periods. A driver that leaves a device waits for several grace periods; each takes
 * some tens of milliseconds, because the kernel prefers low overhead to low latency.
 */
public interface GracePeriods {
    /**
     * Makes the kernel end each grace period at once, at the cost of an interrupt on its processors, as it does itself
     * during boot and before it suspends ({@code kernel/rcu/tree.c}, {@code rcu_pm_notify}). Has no effect where the
     * setting is not available. Any thread may call this, and several processes may hold the setting at the same time:
     * each restores the value from before the first of them.
     *
     * @return an action that restores the former value; run it once, on any thread
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
