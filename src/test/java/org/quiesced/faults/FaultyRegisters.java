// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.device.Device;
import org.quiesced.kernel.NvmeRegisters;

/**
 * Records accesses to registers as calls that the rules know: the shutdown notification as the removal of a driver,
 * and the opening of the registers before it as the write of an attribute, which has to be completed.
 */
final class FaultyRegisters implements NvmeRegisters {
    private final NvmeRegisters registers;
    private final FaultyCalls calls;

    FaultyRegisters(NvmeRegisters registers, FaultyCalls calls) {
        this.registers = registers;
        this.calls = calls;
    }

    @Override
    public Claim claim(Device controller) throws IOException {
        return calls.call(Site.CLAIM, controller, () -> {
            Claim claim = registers.claim(controller);
            calls.disks().claimed(controller);
            return new FaultyClaim(controller, claim);
        });
    }

    @Override
    public void giveBack(Device controller) throws IOException {
        calls.act(Site.BIND, controller, () -> registers.giveBack(controller));
    }

    @Override
    public boolean isKeeping() {
        return registers.isKeeping();
    }

    private final class FaultyClaim implements NvmeRegisters.Claim {
        private final Device controller;
        private final NvmeRegisters.Claim claim;
        private boolean isKept;

        FaultyClaim(Device controller, NvmeRegisters.Claim claim) {
            this.controller = controller;
            this.claim = claim;
        }

        @Override
        public boolean isExclusive() {
            return claim.isExclusive();
        }

        @Override
        public void refuseUse() throws IOException {
            calls.act(Site.REGISTER, controller, () -> claim.refuseUse());
        }

        @Override
        public NvmeRegisters.Access open() throws IOException {
            return calls.call(Site.WRITE, controller, "registers=0", () -> new FaultyAccess(controller, claim.open()));
        }

        @Override
        public void keep() {
            isKept = true;
            calls.disks().unclaimed(controller);
            claim.keep();
        }

        @Override
        public void close() {
            if (!isKept) {
                calls.disks().unclaimed(controller);
            }
            claim.close();
        }
    }

    private final class FaultyAccess implements NvmeRegisters.Access {
        private final Device controller;
        private final NvmeRegisters.Access access;

        FaultyAccess(Device controller, NvmeRegisters.Access access) {
            this.controller = controller;
            this.access = access;
        }

        @Override
        public int read(int offset) throws IOException {
            return calls.call(Site.REGISTER, controller, () -> access.read(offset));
        }

        @Override
        public void write(int offset, int value) throws IOException {
            calls.act(Site.UNBIND, controller, () -> access.write(offset, value));
        }

        @Override
        public int awaitChange(int offset, int mask, int former, Duration limit) throws IOException {
            return calls.call(Site.NOTIFIED, controller, () -> access.awaitChange(offset, mask, former, limit));
        }
    }
}
