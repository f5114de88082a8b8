// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Counters;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.PageCache;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.shutdown.Phase;

/** Each method keeps the driver of a device in use, and releases all claims. */
class DiskClaimsTest {
    private final MethodRun run = new MethodRun();
    private final List<String> claimed = new ArrayList<>();

    private List<String> unbound() {
        return run.done().stream().filter(step -> step.startsWith("UNBIND")).toList();
    }

    /** Returns usage without visible users, and with the given counters. */
    private static Usage usage(Function<Device, Usage.Traffic> traffic) {
        return new Usage() {
            @Override
            public Users scan() {
                return below -> Optional.empty();
            }

            @Override
            public Traffic traffic(Device disk) {
                return traffic.apply(disk);
            }
        };
    }

    private static Usage traffic(Usage.Traffic... readings) {
        Iterator<Usage.Traffic> next = List.of(readings).iterator();
        return usage(disk -> next.next());
    }

    /** Returns usage in which each disk completes requests between the first and the second reading of its counters. */
    private static Usage requests(int completed) {
        Set<Device> read = new HashSet<>();
        return usage(disk -> Counters.reads(0, read.add(disk) ? 10 : 10 + completed, 100));
    }

    private void claimsFail(String disk) {
        run.altered = kernel -> Altered.with(
                new BlockClaims() {
                    @Override
                    public Claim claim(Device device) throws IOException {
                        if (device.name().equals(disk)) {
                            throw new IOException(disk + ": No such device");
                        }
                        claimed.add(device.name());
                        return () -> claimed.remove(device.name());
                    }

                    @Override
                    public VisibleUsers visibleUsers() {
                        return VisibleUsers.NONE;
                    }
                },
                kernel);
    }

    @ParameterizedTest
    @CsvSource({"nvme, nvme0n1", "nvme-multipath, nvme5n1", "scsi, sda", "unbind, vda"})
    void claimedDeviceKeepsItsDriver(String method, String disk) {
        String path = run.device(method);
        run.builder.inUse("/devices", "mounted on /");

        assertThatThrownBy(() -> run.shutdown(method, path))
                .isInstanceOf(DeviceInUseException.class)
                .hasMessage(disk + " is in use: mounted on /");
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void openDeviceKeepsItsDriver(String method) {
        String path = run.device(method);
        run.builder.open(path, "open by postgres");

        assertThatThrownBy(() -> run.shutdown(method, path))
                .isInstanceOf(DeviceInUseException.class)
                .hasMessageEndingWith("is in use: open by postgres");
        assertThat(run.done()).as("operations, flushes included").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWithTrafficSinceItsClaimKeepsItsDriver(String method) {
        String path = run.device(method);
        Usage usage = traffic(Counters.reads(0, 10, 100), Counters.reads(0, 10, 108));
        run.altered = kernel -> Altered.with(usage, kernel);

        assertThatThrownBy(() -> run.shutdown(method, path))
                .isInstanceOf(DeviceInUseException.class)
                .hasMessageContaining("read or written by an unknown user");
        assertThat(unbound()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWithARequestInFlightKeepsItsDriver(String method) {
        String path = run.device(method);
        Usage usage = traffic(Counters.reads(0, 10, 100), Counters.reads(1, 10, 100));
        run.altered = kernel -> Altered.with(usage, kernel);

        assertThatThrownBy(() -> run.shutdown(method, path)).isInstanceOf(DeviceInUseException.class);
        assertThat(unbound()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWithoutTrafficSinceItsClaimLosesItsDriver(String method) throws IOException {
        String path = run.device(method);
        Usage usage = traffic(Counters.reads(0, 10, 100), Counters.reads(0, 10, 100));
        run.altered = kernel -> Altered.with(usage, kernel);

        run.shutdown(method, path);

        assertThat(unbound()).hasSize(1);
    }

    private void countNothing(String path, String value) throws IOException {
        Device disk = new Storage(run.prepare().readTree())
                .disksOf(run.kernel.readTree().find(path).orElseThrow())
                .get(0);
        run.kernel.attributes().write(disk, "queue/iostats", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWithoutIostatsKeepsItsDriverInTheEarlyPhase(String method) throws IOException {
        String path = run.device(method);
        countNothing(path, "0");
        run.phase = Phase.EARLY;

        assertThatThrownBy(() -> run.shutdown(method, path))
                .isInstanceOf(DeviceInUseException.class)
                .hasMessageEndingWith("its requests are not counted, because queue/iostats is 0");
        assertThat(run.done()).as("operations, flushes included").isEmpty();

        countNothing(path, "1");
        run.shutdown(method, path);
        assertThat(unbound()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWithoutIostatsGoesDownInTheLatePhase(String method) throws IOException {
        String path = run.device(method);
        countNothing(path, "0");

        run.shutdown(method, path);

        assertThat(unbound()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWithAnUnreleasedDiskKeepsItsDriver(String method) {
        String path = run.device(method);
        run.released = disk -> false;

        assertThatThrownBy(() -> run.shutdown(method, path)).isInstanceOf(NotReleasedException.class);
        assertThat(run.done()).as("operations, flushes included").isEmpty();
    }

    /** SYNCHRONIZE CACHE may take four commands. */
    @ParameterizedTest
    @CsvSource({"nvme, 1", "nvme-multipath, 1", "scsi, 4", "unbind, 0"})
    void requestsOfOwnFlushesAreNoUse(String method, int own) throws IOException {
        String path = run.device(method);

        run.altered = kernel -> Altered.with(requests(own + 1), kernel);
        assertThatThrownBy(() -> run.shutdown(method, path)).isInstanceOf(DeviceInUseException.class);
        assertThat(unbound()).isEmpty();

        run.altered = kernel -> Altered.with(requests(own), kernel);
        run.shutdown(method, path);
        assertThat(unbound()).hasSize(1);
    }

    /** A program has written to the node of the disk and closed it while the disk was claimed. */
    @ParameterizedTest
    @CsvSource({"nvme, nvme0n1", "nvme-multipath, nvme5n1", "scsi, sda", "unbind, vda"})
    void dataInThePageCacheIsWrittenAndCountsAsUse(String method, String disk) {
        String path = run.device(method);
        AtomicBoolean isWritten = new AtomicBoolean();
        run.altered = kernel -> Altered.with(
                usage(counted -> isWritten.get() ? Counters.writes(0, 11, 108) : Counters.writes(0, 10, 100)),
                Altered.with(
                        (PageCache) written ->
                                isWritten.compareAndSet(false, written.name().equals(disk)),
                        kernel));

        assertThatThrownBy(() -> run.shutdown(method, path)).isInstanceOf(DeviceInUseException.class);
        assertThat(isWritten).isTrue();
        assertThat(unbound()).isEmpty();
    }

    @Test
    void pageCacheOfEachPartitionIsWritten() throws IOException {
        String path = run.device("nvme");
        run.builder.classDevice(path + "/nvme/nvme0/nvme0n1/nvme0n1p1", "block", Map.of("size", "2048"));
        List<String> written = new ArrayList<>();
        run.altered = kernel -> Altered.with((PageCache) device -> written.add(device.name()), kernel);

        run.shutdown("nvme", path);

        assertThat(written).containsExactly("nvme0n1", "nvme0n1p1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void deviceWhosePageCacheCannotBeWrittenKeepsItsDriver(String method) {
        String path = run.device(method);
        run.altered = kernel -> Altered.with(
                (PageCache) device -> {
                    throw new IOException(device.name() + ": Input/output error");
                },
                kernel);

        assertThatThrownBy(() -> run.shutdown(method, path)).hasMessageEndingWith("Input/output error");
        assertThat(unbound()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void claimsAreReleasedWhenTheDeviceIsDown(String method) throws IOException {
        String path = run.device(method);
        claimsFail("none");

        run.shutdown(method, path);

        assertThat(claimed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme", "scsi", "unbind"})
    void claimsAreReleasedWhenTheDeviceIsGivenUp(String method) {
        String path = run.device(method);
        claimsFail("none");
        run.acts = 0;

        assertThatThrownBy(() -> run.shutdown(method, path)).isInstanceOf(GivenUpException.class);
        assertThat(claimed).isEmpty();
    }

    @Test
    void claimsAreReleasedWhenAnotherClaimFails() {
        String path = run.device("nvme");
        run.builder.classDevice(path + "/nvme/nvme0/nvme0n2", "block", Map.of("size", "8"));
        claimsFail("nvme0n2");

        assertThatThrownBy(() -> run.shutdown("nvme", path)).hasMessage("nvme0n2: No such device");
        assertThat(claimed).isEmpty();
        assertThat(run.done()).isEmpty();
    }
}
