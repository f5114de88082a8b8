// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds dependency cycles in a graph. */
final class Cycles {
    private static final int UNSEEN = -1;

    private final DependencyGraph graph;
    private final int[] number;
    private final int[] lowest;
    private final int[] nextEdge;
    private final boolean[] onStack;
    private final ArrayDeque<Integer> stack = new ArrayDeque<>();
    private final List<int[]> cycles = new ArrayList<>();
    private int numbered;

    private Cycles(DependencyGraph graph) {
        this.graph = graph;
        this.number = new int[graph.size()];
        this.lowest = new int[graph.size()];
        this.nextEdge = new int[graph.size()];
        this.onStack = new boolean[graph.size()];
        Arrays.fill(number, UNSEEN);
    }

    /** Returns the members of each cycle, in ascending order of their indices. */
    static List<int[]> of(DependencyGraph graph) {
        Cycles search = new Cycles(graph);
        for (int i = 0; i < graph.size(); i++) {
            if (search.number[i] == UNSEEN) {
                search.visit(i);
            }
        }
        return search.cycles;
    }

    /**
     * Tarjan's algorithm for strongly connected components, without recursion because a chain of devices can be long.
     */
    private void visit(int root) {
        ArrayDeque<Integer> path = new ArrayDeque<>();
        enter(root, path);
        while (!path.isEmpty()) {
            int device = path.peek();
            if (nextEdge[device] < graph.needs(device).length) {
                int needed = graph.needs(device)[nextEdge[device]++];
                if (number[needed] == UNSEEN) {
                    enter(needed, path);
                } else if (onStack[needed]) {
                    lowest[device] = Math.min(lowest[device], number[needed]);
                }
            } else {
                path.pop();
                if (!path.isEmpty()) {
                    lowest[path.peek()] = Math.min(lowest[path.peek()], lowest[device]);
                }
                if (lowest[device] == number[device]) {
                    close(device);
                }
            }
        }
    }

    private void enter(int device, ArrayDeque<Integer> path) {
        number[device] = numbered;
        lowest[device] = numbered++;
        onStack[device] = true;
        stack.push(device);
        path.push(device);
    }

    private void close(int device) {
        List<Integer> members = new ArrayList<>();
        int member;
        do {
            member = stack.pop();
            onStack[member] = false;
            members.add(member);
        } while (member != device);
        boolean needsItself = Arrays.stream(graph.needs(device)).anyMatch(needed -> needed == device);
        if (members.size() > 1 || needsItself) {
            cycles.add(members.stream().mapToInt(Integer::intValue).sorted().toArray());
        }
    }
}
