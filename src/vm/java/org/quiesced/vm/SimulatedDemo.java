// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quiesced.cli.Simulation;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.method.DriveTypes;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.Machines;

/** The demonstration on a simulated machine. */
final class SimulatedDemo {
    private SimulatedDemo() {}

    static DemoResult run(String name) throws IOException {
        Machine machine = Machines.find(name);
        Simulation.Result result = new Simulation(machine, shippedConfig(), Verb.POWEROFF).run(time -> {}, event -> {});
        System.out.println("Machine: " + name + ", simulated, power-off");
        return new DemoResult(
                result.comparison(),
                result.sentences(),
                result.comparison().totals().stock(),
                result.comparison().totals().quiesced());
    }

    private static Config shippedConfig() throws IOException {
        try {
            return new ConfigFiles(DriveTypes.SUPPORTED.drivers()).read(List.of(Path.of("config/quiesced.toml")));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
