// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.LeftToKernel;

/** Selects the ZFS pools to be exported at a shutdown. */
public final class Pools {
    private Pools() {}

    /**
     * Returns the names of the pools on drives that quiesced shuts down, if the configuration stops ZFS pools and no
     * user remains after the unmounting; never that of the root file system. A pool on a drive that needs the network
     * is omitted, because it would be exported after the network is stopped.
     *
     * @param plan a plan that foresees the releases of the disks
     */
    public static List<String> of(Plan plan) {
        Set<String> pools = new TreeSet<>();
        for (Disposition disposition : plan.dispositions()) {
            if (disposition instanceof Handled handled) {
                handled.usedNow().stream()
                        .map(DiskUse::user)
                        .filter(user -> user.release() == Release.EARLY)
                        .flatMap(user -> user.stack().map(Stack::pools).stream())
                        .forEach(pools::addAll);
            }
        }
        plan.driven().stream()
                .filter(plan.types()::needsNetwork)
                .flatMap(drive -> heldBy(plan.of(drive)))
                .forEach(pools::remove);
        return List.copyOf(pools);
    }

    /** Returns the pools on a drive that is left to the kernel because of them. */
    private static Stream<String> heldBy(Disposition disposition) {
        return disposition instanceof LeftToKernel left && left.reason() instanceof Reason.InUse use
                ? poolsOf(use.user())
                : Stream.empty();
    }

    private static Stream<String> poolsOf(User user) {
        if (user instanceof User.ZfsPool pool) {
            return Stream.of(pool.name());
        } else if (user instanceof User.At at) {
            return poolsOf(at.user());
        }
        return user instanceof User.Holder holder ? holder.above().stream().flatMap(Pools::poolsOf) : Stream.empty();
    }
}
