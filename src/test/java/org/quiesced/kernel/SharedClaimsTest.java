// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;

class SharedClaimsTest {
    private static final Device DISK = new Device("/devices/nvme0n1", "block", false, Optional.empty(), Map.of());

    private int taken;
    private int given;

    private final SharedClaims claims = new SharedClaims(new BlockClaims() {
        @Override
        public Claim claim(Device disk) throws DeviceInUseException {
            if (taken > given) {
                throw new DeviceInUseException(disk, "us");
            }
            taken++;
            return () -> given++;
        }

        @Override
        public Optional<DiskUser> userOf(Device disk) {
            return Optional.empty();
        }
    });

    @Test
    void twoControllersOfOneSubsystemClaimItsDiskSideBySide() throws IOException {
        BlockClaims.Claim first = claims.claim(DISK);
        BlockClaims.Claim second = claims.claim(DISK);
        first.close();
        first.close();

        assertThat(taken).isEqualTo(1);
        assertThat(given).as("the second one still holds it").isZero();
        second.close();
        assertThat(given).isEqualTo(1);
    }

    @Test
    void afterTheLastOneTheDiskIsClaimedAnew() throws IOException {
        claims.claim(DISK).close();
        claims.claim(DISK).close();

        assertThat(taken).isEqualTo(2);
        assertThat(given).isEqualTo(2);
    }
}
