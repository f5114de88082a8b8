// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Health;
import org.quiesced.kernel.NvmeCommands.Identity;

/** Queries NVMe controllers for their RTD3 entry latency, with Identify, and for their health. */
final class NvmeQuery implements DriveQuery {
    @Override
    public boolean isReady(Device controller, Attributes attributes) {
        return attributes.read(controller, "state").equals(Optional.of(NvmeMethod.LIVE));
    }

    @Override
    public Optional<Duration> shutdownTime(Device controller, Kernel kernel) throws IOException {
        return shutdownTime(kernel.nvme().identify(controller), kernel);
    }

    @Override
    public Description describe(Device controller, Kernel kernel) throws IOException {
        Identity identity = kernel.nvme().identify(controller);
        Health health = kernel.nvme().health(controller);
        return new Description(
                shutdownTime(identity, kernel),
                Map.of(
                        "volatile_write_cache", identity.volatileWriteCache() ? "1" : "0",
                        "power_cycles", health.powerCycles().toString(),
                        "unsafe_shutdowns", health.unsafeShutdowns().toString()));
    }

    @Override
    public Health health(Device controller, Kernel kernel) throws IOException {
        return kernel.nvme().health(controller);
    }

    private static Optional<Duration> shutdownTime(Identity identity, Kernel kernel) {
        return identity.shutdownTime().map(NvmeLimits.of(kernel.drivers())::expected);
    }
}
