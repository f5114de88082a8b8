// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

/**
 * RCU's grace periods. A driver that leaves a device waits for several of them; each takes some tens of milliseconds, for the kernel would rather
 * be frugal than quick.
 */
public interface GracePeriods {
    /**
     * Makes the kernel end each grace period at once, at the cost of an interrupt on its processors, as it does itself while it boots and when it
     * goes to sleep ({@code kernel/rcu/tree.c}, {@code rcu_pm_notify}). Where that can't be had nothing changes. Any thread may ask for it, and
     * several processes may have asked for it at the same time: each puts back the setting from before the first of them.
     *
     * @return puts it back as it was before; to be run once, by any thread
     */
    Runnable expedite();

    /**
     * Puts the setting back as it was before a process that asked for {@link #expedite} and died before it put it back itself, or before
     * this one asked. Changes nothing if there was none, or if another process lives that has asked for it.
     *
     * @return whether there was one
     */
    boolean recover();
}
