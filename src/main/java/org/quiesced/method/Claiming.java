// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;

/** Does something to a device while all of its disks are claimed, so that nobody can start to use one meanwhile. */
final class Claiming {
    /** What is done. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private Claiming() {}

    /** Claims all disks, acts, and gives them back; if one of them can't be claimed, nothing is done. */
    static void during(List<Device> disks, BlockClaims claims, Action action) throws IOException {
        List<BlockClaims.Claim> held = new ArrayList<>();
        try {
            for (Device disk : disks) {
                held.add(claims.claim(disk));
            }
            action.run();
        } finally {
            held.forEach(BlockClaims.Claim::close);
        }
    }
}
