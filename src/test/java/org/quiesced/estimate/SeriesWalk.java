// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.quiesced.kernel.WalkMode;
import org.quiesced.plan.DependencyGraph;
import org.quiesced.plan.Plan;

/**
 * Model of version 18 of the series "shut down devices asynchronously", thread by thread in virtual time: {@code
 * device_shutdown}, {@code start_async_shutdown_devices}, {@code wait_for_shutdown_dependencies}. Unlike the model of
 * the program, it includes changes of the machine during the walk and their consequences.
 */
public final class SeriesWalk {
    private final DependencyGraph graph;
    private final List<Node> list = new ArrayList<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final List<Waiter> threads = new ArrayList<>();
    private final SortedMap<Long, Consumer<SeriesWalk>> changes = new TreeMap<>();
    private final Map<String, long[]> spans = new HashMap<>();
    private Optional<Waiter> walk = Optional.empty();
    private boolean parameter = true;
    private long now;

    /** The end of a walk. */
    public enum End {
        /** All devices are down. */
        ENDED,
        /** A thread waits for an event that never occurs. */
        STUCK,
        /** A thread has read data that a device has only after its registration. */
        CRASHED
    }

    private static final class Node {
        private final String path;
        private final boolean isMarked;
        private final long latency;
        private final List<Node> dependents = new ArrayList<>();
        private boolean isRegistered = true;
        private boolean isComplete;

        Node(String path, boolean isMarked, long latency) {
            this.path = path;
            this.isMarked = isMarked;
            this.latency = latency;
        }
    }

    /** A thread that shuts a device down: a worker, or the walk itself. */
    private static final class Waiter {
        private final Node node;
        private final boolean isAsync;
        /** Whether the parameter was on when the thread began to wait. */
        private final boolean parameterThen;

        private Optional<Long> end = Optional.empty();

        Waiter(Node node, boolean isAsync, boolean parameterThen) {
            this.node = node;
            this.isAsync = isAsync;
            this.parameterThen = parameterThen;
        }
    }

    private static final class NullPointer extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Creates the walk over the devices of a plan.
     *
     * @param times the shutdown times in nanoseconds, by path
     */
    public SeriesWalk(Plan plan, Map<String, Long> times) {
        plan.tree()
                .devices()
                .forEach(device -> nodes.put(
                        device.path(),
                        new Node(
                                device.path(),
                                WalkMode.ASYNCHRONOUS.isParallelFor(device),
                                times.getOrDefault(device.path(), 0L))));
        this.graph = new DependencyGraph(plan.tree());
        for (int i = 0; i < plan.tree().size(); i++) {
            for (int dependent : graph.dependents(i)) {
                node(plan, i).dependents.add(node(plan, dependent));
            }
        }
        for (int i = plan.tree().size() - 1; i >= 0; i--) {
            append(plan, i);
        }
    }

    private Node node(Plan plan, int index) {
        return nodes.get(plan.tree().get(index).path());
    }

    /**
     * Adds a device and its dependents to the list, which is walked from its end: each device precedes its dependents.
     */
    private void append(Plan plan, int index) {
        if (list.contains(node(plan, index))) {
            return;
        }
        int[] dependents = graph.dependents(index);
        for (int i = dependents.length - 1; i >= 0; i--) {
            append(plan, dependents[i]);
        }
        list.add(0, node(plan, index));
    }

    /** Schedules a change at a time of the walk. */
    public SeriesWalk at(long nanos, Consumer<SeriesWalk> change) {
        changes.put(nanos, change);
        return this;
    }

    /** Writes the parameter. */
    public void turn(boolean on) {
        parameter = on;
    }

    /** Adds a marked device that depends on another one. */
    public void add(String path, String supplier, long latency) {
        Node added = new Node(path, true, latency);
        nodes.put(path, added);
        nodes.get(supplier).dependents.add(added);
        list.add(added);
    }

    /** Adds a link to a consumer that is not registered yet. */
    public void link(String consumer, String supplier) {
        Node absent = new Node(consumer, true, 0);
        absent.isRegistered = false;
        nodes.get(supplier).dependents.add(absent);
    }

    /** Removes a device. Threads that wait for it continue. */
    public void vanish(String path) {
        Node gone = nodes.get(path);
        gone.isComplete = true;
        list.remove(gone);
    }

    /** Returns the beginning and the end of a device's shutdown; null if it took no time. */
    public long[] span(String path) {
        return spans.get(path);
    }

    /** Returns the end of the last shutdown that takes time. */
    public long duration() {
        return spans.values().stream().mapToLong(span -> span[1]).max().orElse(0);
    }

    /** Executes the walk. */
    public End run() {
        for (Node node : List.copyOf(list)) {
            if (node.isMarked && parameter) {
                threads.add(new Waiter(node, true, parameter));
                list.remove(node);
            }
        }
        try {
            while (true) {
                while (step()) {
                    // Execute all steps that take no time.
                }
                if (threads.isEmpty() && list.isEmpty()) {
                    return End.ENDED;
                }
                Optional<Long> next = nextTime();
                if (next.isEmpty()) {
                    return End.STUCK;
                }
                now = next.get();
                Optional.ofNullable(changes.remove(now)).ifPresent(change -> change.accept(this));
            }
        } catch (NullPointer e) {
            return End.CRASHED;
        }
    }

    private Optional<Long> nextTime() {
        Optional<Long> end =
                threads.stream().flatMap(thread -> thread.end.stream()).min(Long::compare);
        Optional<Long> change = changes.isEmpty() ? Optional.empty() : Optional.of(changes.firstKey());
        return end.isPresent() && change.isPresent()
                ? Optional.of(Math.min(end.get(), change.get()))
                : end.or(() -> change);
    }

    private boolean step() {
        boolean stepped = false;
        for (Waiter thread : List.copyOf(threads)) {
            if (thread.end.isEmpty() && mayGo(thread)) {
                long latency = thread.node.isComplete ? 0 : thread.node.latency;
                thread.end = Optional.of(now + latency);
                if (latency > 0) {
                    spans.put(thread.node.path, new long[] {now, now + latency});
                }
                stepped = true;
            }
            if (thread.end.filter(end -> end <= now).isPresent()) {
                thread.node.isComplete = true;
                threads.remove(thread);
                walk = walk.filter(current -> current != thread);
                stepped = true;
            }
        }
        if (walk.isEmpty() && !list.isEmpty()) {
            Node node = list.remove(list.size() - 1);
            boolean async = node.isMarked && parameter;
            Waiter thread = new Waiter(node, async, parameter);
            threads.add(thread);
            walk = async ? Optional.empty() : Optional.of(thread);
            stepped = true;
        }
        return stepped;
    }

    private static boolean mayGo(Waiter thread) {
        for (Node dependent : thread.node.dependents) {
            if (thread.isAsync || thread.parameterThen && dependent.isMarked) {
                if (!dependent.isRegistered) {
                    throw new NullPointer();
                }
                if (!dependent.isComplete) {
                    return false;
                }
            }
        }
        return true;
    }
}
