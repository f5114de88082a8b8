// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.simulated;

import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.host.SysRq;

/** Records the calls in order and has no other effect: the machine keeps running after each call. Thread-safe. */
public final class SimulatedSysRq implements SysRq {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Queue<Long> unwritten = new ConcurrentLinkedQueue<>();

    /** Creates an instance without calls. */
    public SimulatedSysRq() {}

    /**
     * Returns the calls: {@code sync}, {@code remount read-only}, {@code restart}, {@code power off}, and {@code say}
     * with the line.
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

    /** Sets the amounts that {@link #unwritten} returns, one after the other, and then the last one forever. */
    public void holdsUnwritten(Long... amounts) {
        unwritten.addAll(List.of(amounts));
    }

    @Override
    public OptionalLong unwritten() {
        Long next = unwritten.size() > 1 ? unwritten.poll() : unwritten.peek();
        return OptionalLong.of(next == null ? 0 : next);
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
