// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.host.SysRq;

/**
 * Records the calls in order and has no other effect: the machine keeps running after each call. Safe for use by
 * several threads.
 */
public final class SimulatedSysRq implements SysRq {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** Makes means that were not yet used. */
    public SimulatedSysRq() {}

    /**
     * Returns what was asked for so far: {@code sync}, {@code remount read-only}, {@code restart}, {@code power off},
     * and what was said.
     */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void say(String line) {
        calls.add("say " + line);
    }

    @Override
    public void sync() {
        calls.add("sync");
    }

    @Override
    public void remountReadOnly() {
        calls.add("remount read-only");
    }

    @Override
    public void restart() {
        calls.add("restart");
    }

    @Override
    public void powerOff() {
        calls.add("power off");
    }
}
