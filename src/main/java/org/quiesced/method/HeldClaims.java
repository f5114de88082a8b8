// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;

/** The claims on all disks of a device, held until closed. */
final class HeldClaims implements AutoCloseable {
    private final List<BlockClaims.Claim> claims = new ArrayList<>();

    private HeldClaims() {}

    /** Claims all disks, or none if that fails. */
    static HeldClaims on(List<Device> disks, BlockClaims kernel) throws IOException {
        HeldClaims held = new HeldClaims();
        try {
            for (Device disk : disks) {
                held.claims.add(kernel.claim(disk));
            }
            return held;
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }

    @Override
    public void close() {
        claims.forEach(BlockClaims.Claim::close);
    }
}
