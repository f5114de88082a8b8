// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** Steps of the method for controllers of NVMe over fabrics, and the controllers that it leaves alone. */
class FabricsMethodTest extends FlushedDriveTest {
    private static final String HEAD = "/devices/virtual/nvme-subsystem/nvme-subsys7/nvme7n1";

    private final String controller = run.builder.fabrics("tcp", Duration.ofMillis(20));

    @Override
    String drive() {
        return controller;
    }

    @Override
    String departure() {
        return "UNBIND nvme0";
    }

    @Test
    void connectedControllerUsesTheNetwork() throws IOException {
        reboot();

        assertThat(run.method(controller, Settings.NONE).usesNetwork(run.found)).isTrue();
    }

    /** For example, a discovery controller. */
    @Test
    void controllerWithoutADiskIsDisconnected() throws IOException {
        String discovery = "/devices/virtual/nvme-fabrics/ctl/nvme9";
        run.builder.add(new Device(
                discovery, "nvme", false, Optional.of("nvme-tcp"), Map.of("state", "live", "transport", "tcp")));

        assertThat(run.shutdown(discovery, Verb.REBOOT)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND nvme9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connecting", "resetting"})
    void controllerWithADeadTargetIsDisconnectedWithoutACommand(String state) throws IOException {
        // A command would fail the test.
        run.builder.attribute(controller, "state", state).fault(controller, Fault.IDENTIFY_FAILS);

        assertThat(reboot()).isEqualTo(new Ending.Unreached());
        assertThat(run.done()).containsExactly("UNBIND nvme0");
        assertThat(run.method(controller, Settings.NONE).usesNetwork(run.found)).isFalse();
    }

    @Test
    void controllerCutOffRecentlyIsDisconnectedWhenTheKernelNotices() throws IOException {
        run.builder.fault(controller, Fault.CUT_OFF);

        assertThat(reboot()).isEqualTo(new Ending.Unreached());
        assertThat(run.done()).containsExactly("UNBIND nvme0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "connecting"})
    void controllerInUseIsNotTouchedInAnyState(String state) {
        run.builder.attribute(controller, "state", state).inUse(controller, "mounted on /srv");

        assertThatThrownBy(this::reboot).isInstanceOf(DeviceInUseException.class);
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "connecting"})
    void openControllerIsNotTouchedInAnyState(String state) {
        run.builder.attribute(controller, "state", state).open(controller + "/nvme0n1", "open in postgres");

        assertThatThrownBy(this::reboot).isInstanceOf(DeviceInUseException.class);
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"nvme-tcp, true", "nvme-rdma, true", "nvme-fc, false", "nvme-loop, false"})
    void onlyTheDriversForTcpAndRdmaNotify(String driver, boolean notifies) throws IOException {
        String path = "/devices/virtual/nvme-fabrics/ctl/nvme5";
        run.builder.add(new Device(path, "nvme", false, Optional.of(driver), Map.of("state", "live")));

        assertThat(run.method(path, Settings.NONE).steps(run.target(path, Settings.NONE), Verb.REBOOT).stream()
                        .anyMatch(Step::notifies))
                .isEqualTo(notifies);
    }

    private String pathTo(String head, String state) {
        String path = "/devices/virtual/nvme-fabrics/ctl/nvme4";
        run.builder
                .add(new Device(
                        path, "nvme", false, Optional.of("nvme-tcp"), Map.of("state", state, "transport", "tcp")))
                .classDevice(path + "/nvme7c4n1", "block", Map.of("size", "8"))
                .classDevice(head, "block", Map.of("size", "8"));
        return path;
    }

    /** The disk has another path, but whether its user has switched to it is unknown. */
    @Test
    void pathToADiskInUseIsNotTouched() {
        String path = pathTo(HEAD, "connecting");
        run.builder.inUse("/devices/virtual/nvme-subsystem", "mounted on /srv");

        assertThatThrownBy(() -> run.shutdown(path, Verb.REBOOT)).isInstanceOf(DeviceInUseException.class);
        assertThat(run.done()).isEmpty();
    }

    @Test
    void multipathControllerIsFlushedByTheHeadDisk() throws IOException {
        String path = pathTo(HEAD, "live");

        assertThat(run.shutdown(path, Verb.REBOOT)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("FLUSH nvme7n1", "UNBIND nvme4");
    }

    /** Linux does not count requests at head disks; the counters of the path suffice. */
    @Test
    void countersOfThePathSuffice() throws IOException {
        String path = pathTo(HEAD, "live");
        run.phase = Phase.EARLY;
        run.builder.attribute(HEAD, "queue/iostats", "0");

        assertThat(run.shutdown(path, Verb.REBOOT)).isEqualTo(new Ending.Down());
    }

    @Test
    void pathWithoutCountersCountsAsInUse() {
        String path = pathTo(HEAD, "live");
        run.phase = Phase.EARLY;
        run.builder.attribute(path + "/nvme7c4n1", "queue/iostats", "0");

        assertThatThrownBy(() -> run.shutdown(path, Verb.REBOOT)).isInstanceOf(DeviceInUseException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "connecting"})
    void ownedControllerIsLeftToItsOwner(String state) {
        run.builder
                .attribute(controller, "state", state)
                .attribute(controller, Attributes.OWNER, "stas")
                .inUse(controller, "nobody who was asked");

        assertThatThrownBy(this::reboot)
                .isInstanceOf(UnreadyException.class)
                .hasMessage("nvme0 belongs to stas in the registry of connections");
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "deleting", "deleting (no IO)", "dead"})
    void controllerBeingCreatedOrDeletedIsLeftAlone(String state) {
        run.builder.attribute(controller, "state", state).inUse(controller, "nobody who was asked");

        assertThatThrownBy(this::reboot)
                .isInstanceOf(UnreadyException.class)
                .hasMessage("nvme0 is " + state + ", not live");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void disconnectedControllerIsNotReconnectedAndThisIsReported() throws IOException {
        reboot();

        assertThatThrownBy(() -> run.method(controller, Settings.NONE).restore(run.found, run.kernel))
                .hasMessageContaining("connect it again");
    }
}
