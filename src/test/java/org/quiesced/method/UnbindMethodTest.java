// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Say;
import org.quiesced.config.Settings;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.Fault;

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

    @Test
    void whatCarriesADiskInUseIsNotUnbound() {
        String device = run.builder.device("/devices", "virtio0", "virtio", "virtio_blk");
        run.builder.classDevice(device + "/block/vda", "block", Map.of());
        run.builder.inUse(device, "mounted on /");

        assertThatThrownBy(() -> run.shutdown(device, UNBIND, Verb.REBOOT)).isInstanceOf(DeviceInUseException.class);
        assertThat(run.done()).isEmpty();
    }

    @Test
    void thatSomebodyElseIsUnbindingIsDownWhenThatHasEnded() throws IOException {
        String device = run.builder.device("/devices", "x.0", "platform", "x");
        run.builder.fault(device, Fault.BEING_UNBOUND).latency(device, Duration.ofSeconds(3));

        assertThat(run.shutdown(device, UNBIND, Verb.REBOOT)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("AWAIT x.0");
    }
}
