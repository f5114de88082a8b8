// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.config.Settings.Flush;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands.Identity;
import org.quiesced.kernel.Verb;

/**
 * Shuts down an NVMe controller on PCI: identify, flush, unbind. The driver owns the controller's registers; unbinding makes it send the
 * normal shutdown notification (CC.SHN = 01b) and wait for its completion ({@code nvme_remove} in {@code drivers/nvme/host/pci.c}).
 */
final class NvmeMethod implements ShutdownMethod {
    /** What the commands before the notification may take. */
    private static final Duration PREPARATION = Duration.ofSeconds(35);

    /** The default of {@code nvme_core.shutdown_timeout}: the least that the driver waits for a drive. */
    private static final Duration DRIVER_PATIENCE = Duration.ofSeconds(5);

    /** What the driver needs besides: freeing queues, removing namespaces. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "nvme";
    }

    @Override
    public Optional<String> controlClass() {
        return Optional.of("nvme");
    }

    @Override
    public List<String> steps(Target target, Verb verb) {
        List<String> steps = new ArrayList<>();
        switch (flush(target)) {
            case AUTO -> steps.add("flush " + target.diskNames() + " if there is a volatile write cache");
            case ALWAYS -> steps.add("flush " + target.diskNames());
            case NEVER -> {}
        }
        steps.add("unbind " + target.driver() + " (normal shutdown notification)");
        return List.copyOf(steps);
    }

    @Override
    public Duration patience() {
        return PREPARATION.plus(DRIVER_PATIENCE).plus(MARGIN);
    }

    @Override
    public boolean endsWithDriver(Target target, Verb verb) {
        return true;
    }

    @Override
    public Ending shutdown(Target target, Verb verb, Kernel kernel, Progress progress) throws IOException {
        if (!kernel.drivers().isBound(target.device())) {
            return new Ending.Down();
        }
        Device controller = target.classDevice()
                .orElseThrow(() -> new IOException(target.device().name() + ": the driver shows no controller"));
        try (Custody custody = Custody.of(target.device(), kernel)) {
            flushAndUnbind(target, controller, custody, kernel, progress);
        }
        return new Ending.Down();
    }

    private static void flushAndUnbind(
            Target target, Device controller, Custody custody, Kernel kernel, Progress progress) throws IOException {
        String state = kernel.attributes().read(controller, "state").orElse("unknown");
        if (!state.equals("live")) {
            throw new IOException(controller.name() + ": the controller is not live but " + state);
        }
        Identity identity = kernel.nvme().identify(controller);
        progress.allow(patience(kernel, identity));
        custody.refuseUsers(progress.users());
        int ownRequests = 0;
        if (flush(target) == Flush.ALWAYS || flush(target) == Flush.AUTO && identity.volatileWriteCache()) {
            for (Device disk : custody.disks()) {
                flush(target, disk, kernel);
            }
            ownRequests++;
            progress.flushed();
        }
        custody.refuseTraffic(ownRequests);
        progress.act();
        kernel.drivers().unbind(target.device());
    }

    /**
     * A head disk of a multipath subsystem sends the command by any of its paths, perhaps by that of another controller which is going down in
     * this very moment. It then fails for no fault of the drive's, and once more goes by a path that is left.
     */
    private static void flush(Target target, Device disk, Kernel kernel) throws IOException {
        boolean isHead = !disk.path().startsWith(target.device().path() + "/");
        try {
            kernel.nvme().flush(disk);
        } catch (IOException e) {
            if (!isHead) {
                throw e;
            }
            kernel.nvme().flush(disk);
        }
    }

    private static Flush flush(Target target) {
        return target.settings().flush().orElse(Flush.AUTO);
    }

    /** As long as the driver itself will wait: for the drive's RTD3 entry latency, but not less than its parameter says. */
    private static Duration patience(Kernel kernel, Identity identity) {
        Duration driver = kernel.drivers()
                .parameter("nvme_core", "shutdown_timeout")
                .flatMap(NvmeMethod::seconds)
                .orElse(DRIVER_PATIENCE);
        Duration drive = identity.shutdownTime().orElse(Duration.ZERO);
        return PREPARATION.plus(drive.compareTo(driver) > 0 ? drive : driver).plus(MARGIN);
    }

    private static Optional<Duration> seconds(String text) {
        try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
