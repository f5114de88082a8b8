// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.nio.file.Path;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSystemState;

/** The services of a host that shows nothing. */
final class QuietHost {
    private QuietHost() {}

    /**
     * Creates the services.
     *
     * @param directory the runtime directory
     */
    static HostServices in(Path directory) {
        return new HostServices(
                new SimulatedSystemState(),
                line -> {},
                new SilentManager(),
                new HookLimit(directory),
                new SimulatedExitrd());
    }
}
