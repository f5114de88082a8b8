// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.SentFlushes;

/** NVMe controllers that report their latency as their RTD3 entry latency, and flush at once. */
final class SimulatedNvme implements NvmeCommands {
    private final Machine machine;
    private final OperationLog log;
    private final SimulatedAttributes attributes;
    private final AtomicInteger identifications = new AtomicInteger();
    private final SentFlushes sent = new SentFlushes();
    private final Set<Device> flushed = ConcurrentHashMap.newKeySet();

    SimulatedNvme(Machine machine, OperationLog log, SimulatedAttributes attributes) {
        this.machine = machine;
        this.log = log;
        this.attributes = attributes;
    }

    @Override
    public Identity identify(Device controller) throws IOException {
        identifications.incrementAndGet();
        Device carrier = carrierOf(controller);
        if (machine.faults().get(carrier.path()) == Fault.IDENTIFY_FAILS) {
            throw new IOException(controller.name() + ": Identify failed: internal error (status type 0h, code 06h)");
        }
        return new Identity(
                controller.attribute("serial").orElse(""),
                controller.attribute("model").orElse(""),
                true,
                machine.of(carrier));
    }

    /**
     * {@inheritDoc} The kernel notices that a target is cut off when the limit is reached; then the controller tries to
     * connect again.
     */
    @Override
    public Identity identify(Device controller, Duration limit) throws IOException {
        if (hasFault(machine, controller, Fault.CUT_OFF)) {
            log.spend(limit);
            attributes.write(controller, "state", "connecting");
            throw new IOException(controller.name() + ": Identify failed: aborted by the host");
        }
        return identify(controller);
    }

    /** Returns the device that has the driver; over fabrics that is the controller itself. */
    private Device carrierOf(Device controller) {
        return controller.driver().isPresent()
                ? controller
                : machine.tree().parent(controller).orElse(controller);
    }

    /** Returns the number of Identify commands to controllers. */
    int identifications() {
        return identifications.get();
    }

    /**
     * {@inheritDoc} The counters are attributes of the machine description; a drive without them has had one power
     * cycle.
     */
    @Override
    public Health health(Device controller) throws IOException {
        if (machine.faults().get(carrierOf(controller).path()) == Fault.IDENTIFY_FAILS) {
            throw new IOException(
                    controller.name() + ": Get Log Page failed: internal error (status type 0h, code 06h)");
        }
        return new Health(
                counter(controller, "power_cycles", BigInteger.ONE),
                counter(controller, "unsafe_shutdowns", BigInteger.ZERO));
    }

    private static BigInteger counter(Device controller, String name, BigInteger otherwise) {
        return controller
                .attribute(name)
                .filter(text -> text.matches("\\d{1,39}"))
                .map(BigInteger::new)
                .orElse(otherwise);
    }

    @Override
    public void flush(Device namespace) throws IOException {
        SentFlushes.Sending sending = sent.begin(namespace);
        try (sending) {
            perform(namespace);
        }
    }

    @Override
    public SentFlushes sentFlushes() {
        return sent;
    }

    private void perform(Device namespace) throws IOException {
        boolean isFirst = flushed.add(namespace);
        if (hasFault(machine, namespace, Fault.FLUSH_FAILS)
                || isFirst && hasFault(machine, namespace, Fault.FIRST_FLUSH_FAILS)) {
            throw new IOException(namespace.name() + ": Flush failed: media or data integrity error");
        }
        log.perform(namespace, OperationLog.Kind.FLUSH, flushTime(machine, namespace));
    }

    /** Returns the duration of a flush. */
    static Duration flushTime(Machine machine, Device disk) {
        return hasFault(machine, disk, Fault.FLUSH_HANGS) ? SimulatedDrivers.AGES : Duration.ZERO;
    }

    /** Returns whether the device, or one above it, has the fault. */
    static boolean hasFault(Machine machine, Device device, Fault fault) {
        DeviceTree tree = machine.tree();
        for (int i = tree.indexOf(device.path()); i != DeviceTree.NONE; i = tree.parentOf(i)) {
            if (machine.faults().get(tree.get(i).path()) == fault) {
                return true;
            }
        }
        return false;
    }
}
