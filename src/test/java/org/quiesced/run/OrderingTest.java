// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.quiesced.kernel.simulated.MachineBuilder;

/** The machine of a test of the rules of ordering. Drivers are named after their configuration: par, ser and ker. */
abstract class OrderingTest {
    final MachineBuilder builder = new MachineBuilder("rules");

    /** Adds a device whose shutdown takes a second. */
    String device(String parent, String name, String driver) {
        String path = builder.device(parent, name, "platform", driver);
        builder.latency(path, Duration.ofSeconds(1));
        return path;
    }

    String device(String name, String driver) {
        return device("/devices", name, driver);
    }

    Simulated run() {
        return Simulated.run(builder.build(), RandomMachine.CONFIG);
    }

    static void assertThatFirstEndsBeforeSecondStarts(Simulated run, String first, String second) {
        assertThat(run.span(second)[0])
                .as(second + " starts after " + first + " has ended")
                .isGreaterThanOrEqualTo(run.span(first)[1]);
    }
}
