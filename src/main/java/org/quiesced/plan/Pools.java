// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.stream.Stream;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.Stack;
import org.quiesced.plan.Disposition.Handled;

/** The ZFS pools that are to be exported at a shutdown. */
public final class Pools {
    private Pools() {}

    /**
     * Returns the names of the pools on drives that go down by us, if the configuration wants them exported and nobody
     * uses them after the unmounting: never that of the root file system.
     *
     * @param plan a plan that foresees which users release the disks
     */
    public static List<String> of(Plan plan) {
        return plan.dispositions().stream()
                .flatMap(disposition ->
                        disposition instanceof Handled handled ? handled.usedNow().stream() : Stream.empty())
                .map(DiskUse::user)
                .filter(user -> user.release() == Release.EARLY)
                .flatMap(user -> user.stack().map(Stack::pools).stream())
                .flatMap(pools -> pools.stream())
                .distinct()
                .sorted()
                .toList();
    }
}
