// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Set;
import java.util.TreeSet;
import org.quiesced.kernel.DiskUser.Release;

/**
 * The holders that are stacked on a disk.
 *
 * @param kinds the kinds of the holders
 * @param pools the names of the ZFS pools among them
 * @param release when the disk is released if each of the holders is stopped as soon as it has no user, which is when
 *     the users of the topmost holders release them
 */
public record Stack(Set<HolderKind> kinds, Set<String> pools, Release release) {
    /** Copies the sets. */
    public Stack {
        kinds = Set.copyOf(kinds);
        pools = Set.copyOf(pools);
    }

    /** Returns a stack that includes another one of the same disk. */
    public Stack and(Stack other) {
        Set<String> allPools = new TreeSet<>(pools);
        allPools.addAll(other.pools);
        return new Stack(
                HolderKind.union(kinds, other.kinds),
                allPools,
                release.compareTo(other.release) > 0 ? release : other.release);
    }
}
