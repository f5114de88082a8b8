// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.oneshot.OneShot;
import org.quiesced.shutdown.Verb;

/**
 * Executes {@code quiescectl run --now}, from its plan on, in a separate process on a simulated machine in real time.
 * Of its two drives, the second takes longer than its timeout. Reports its progress on standard output. With the
 * argument {@code hung}, opening a drive does not return.
 */
final class OneShotProcess {
    private OneShotProcess() {}

    public static void main(String[] arguments) throws Exception {
        MachineBuilder builder = new MachineBuilder("one-shot");
        String first = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofMillis(500));
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(4));
        if (arguments.length > 0) {
            builder.fault(first, Fault.OPEN_HANGS);
            builder.fault(first.replace("01", "02"), Fault.OPEN_HANGS);
        }
        SimulatedKernel simulated = SimulatedKernel.inRealTime(builder.build());
        Kernel kernel = Altered.with(
                new SameDrivers(simulated.drivers()) {
                    @Override
                    public void unbind(Device device) throws IOException {
                        System.out.println("unbinding " + device.name());
                        super.unbind(device);
                        System.out.println("unbound " + device.name());
                    }
                },
                simulated);
        Config config =
                Configs.FILES.parse("quiesced.toml", "mode = \"on\"\n[device.\"0000:02:00.0\"]\ntimeout = \"1s\"\n");
        OneShot oneShot = new OneShot(kernel, simulated.workers(), config, Verb.REBOOT);
        oneShot.ignoreSignalsOnceBegun(() -> System.out.println("refused"));
        System.out.println("ready");
        oneShot.run(Duration.ofSeconds(20));
        System.out.println("returned");
        oneShot.awaitUnfinished();
        System.out.println("all has ended");
        Runtime.getRuntime().halt(0);
    }
}
