// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Say;
import org.quiesced.config.Settings;
import org.quiesced.kernel.Verb;

/** What is done to a device whose driver is only taken away. */
class UnbindMethodTest {
    private static final Settings UNBIND = Say.settings(Settings.Method.UNBIND);

    private final MethodRun run = new MethodRun();

    @Test
    void anyDriverCanBeUnbound() throws IOException {
        String device = run.builder.device("/devices", "x.0", "platform", "x");

        assertThat(run.shutdown(device, UNBIND, Verb.REBOOT)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND x.0");
    }
}
