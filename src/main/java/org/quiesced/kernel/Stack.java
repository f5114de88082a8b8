// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Set;
import java.util.TreeSet;
import org.quiesced.kernel.DiskUser.Release;

/**
 * The holders that are stacked on a disk, and when the disk is released if all of them are stopped as soon as nobody
 * uses them.
 *
 * @param kinds the kinds of the holders
 * @param pools the names of the ZFS pools among them
 * @param release when the users of the topmost holders let go
 */
public record Stack(Set<HolderKind> kinds, Set<String> pools, Release release) {
    /** Copies the sets. */
    public Stack {
        kinds = Set.copyOf(kinds);
        pools = Set.copyOf(pools);
    }

    /** Returns what must be stopped for both: what stands on one disk may be several stacks. */
    public Stack and(Stack other) {
        Set<String> allPools = new TreeSet<>(pools);
        allPools.addAll(other.pools);
        return new Stack(
                HolderKind.union(kinds, other.kinds),
                allPools,
                release.compareTo(other.release) > 0 ? release : other.release);
    }
}
