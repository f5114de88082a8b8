// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.quiesced.report.Outcome;
import org.quiesced.report.Page;

/**
 * The critical chain of a device: the device that it waited for last, the device that this one waited for last, and so
 * on. A device waits for its dependents, and on the serial lane and in the kernel's walk for the device before it.
 */
public final class CriticalChain {
    private final ShutdownRecord record;
    private final List<DeviceRecord> devices;
    private final Waits waits;
    private final Lateness lateness;

    /**
     * A device of a chain. Times are in seconds since the shutdown request.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param start when its shutdown began; empty if it did not
     * @param took duration of its shutdown, by quiesced or in the kernel's walk; empty if unknown
     * @param outcome its outcome
     * @param because why the device before it in the chain waited for it; empty for the first
     * @param why why it went down late, or was left to the kernel, in words; empty if it began at once and took its
     *     usual time
     */
    public record Link(
            String device,
            String path,
            String label,
            String driver,
            Optional<Double> start,
            Optional<Double> took,
            Outcome outcome,
            Optional<Waits.Cause> because,
            Optional<String> why) {
        private static Link of(
                DeviceRecord device, Optional<Double> took, Optional<Waits.Cause> because, Optional<String> why) {
            return new Link(
                    device.device(),
                    device.path(),
                    device.label(),
                    device.driver(),
                    device.start(),
                    took,
                    device.outcome(),
                    because,
                    why);
        }

        /** Returns whether the device before it in the chain was queued behind it. */
        private boolean isOfAQueue() {
            return because.filter(cause -> cause != Waits.Cause.DEPENDENT).isPresent();
        }

        private String cause() {
            return because.map(cause -> switch (cause) {
                        case DEPENDENT -> "";
                        case SERIAL_LANE -> ", before it on the serial lane";
                        case KERNEL_WALK ->
                            outcome.isOurs()
                                    ? ", the last before the kernel's walk"
                                    : ", before it in the kernel's walk";
                    })
                    .orElse("");
        }

        private String text() {
            return label
                    + start.map(at -> " @" + RecordText.seconds(at)).orElse("")
                    + took.map(time -> " +" + RecordText.seconds(time)).orElse("")
                    + (outcome == Outcome.DOWN ? "" : " (" + outcome.word() + ")")
                    + cause();
        }
    }

    /** Prepares the chains of a shutdown. */
    public CriticalChain(ShutdownRecord record) {
        this.record = record;
        this.waits = new Waits(record);
        this.devices = waits.withWalked();
        this.lateness = new Lateness(record, waits);
    }

    /** Returns the explanations of this shutdown. */
    Lateness lateness() {
        return lateness;
    }

    /** Returns the device whose shutdown, by quiesced or in the kernel's walk, ended last; empty if no end is known. */
    public Optional<DeviceRecord> last() {
        return last(device -> device.tookIn(record).isPresent());
    }

    /** Returns the device whose shutdown by quiesced ended last; empty if quiesced shut none down. */
    Optional<DeviceRecord> lastOfOurs() {
        return last(device -> device.took().isPresent());
    }

    private Optional<DeviceRecord> last(Predicate<DeviceRecord> which) {
        return devices.stream()
                .filter(which)
                .max(Comparator.comparingDouble(device -> device.end().orElse(0.0)));
    }

    /** Returns the device with a name, as {@link RecordedNames#find} does. */
    public Optional<DeviceRecord> find(String name) {
        return RecordedNames.find(devices, name);
    }

    /**
     * Returns the chain of a device: the device itself, the device that it waited for last, and so on. A chain that
     * leads back to one of its devices ends with that device.
     */
    public List<Link> links(DeviceRecord device) {
        List<Link> links = new ArrayList<>(List.of(link(device, Optional.empty())));
        Set<String> seen = new HashSet<>(Set.of(device.device()));
        Optional<Waits.Wait> next = waits.last(device);
        while (next.isPresent()) {
            DeviceRecord one = next.get().on();
            links.add(link(one, Optional.of(next.get().cause())));
            next = seen.add(one.device()) ? waits.last(one) : Optional.empty();
        }
        return links;
    }

    private Link link(DeviceRecord device, Optional<Waits.Cause> because) {
        return Link.of(device, device.tookIn(record), because, why(device));
    }

    private Optional<String> why(DeviceRecord device) {
        Optional<String> left = device.outcome() == Outcome.KERNEL
                ? device.why().map(words -> "was left to the kernel: " + words)
                : Optional.empty();
        Optional<String> late = lateness.of(device);
        return left.map(words -> words + late.map(more -> "; " + more).orElse(""))
                .or(() -> late);
    }

    /**
     * Returns a chain as text, in the format of {@code systemd-analyze critical-chain}: with a legend at its beginning,
     * and at its end with the reason why its first device went down late.
     */
    public static Page page(List<Link> links) {
        if (links.isEmpty()) {
            return Page.of("No device is known to have been shut down.");
        }
        Page page = new Page()
                .line("The time at which the shutdown of a device began is printed after the \"@\" character.")
                .line("The time that the device took is printed after the \"+\" character.")
                .blank();
        int depth = 0;
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            // The devices of the serial lane or the walk stand below each other: there may be a hundred.
            depth += i == 0 || link.isOfAQueue() && links.get(i - 1).isOfAQueue() ? 0 : 1;
            page.item(depth == 0 ? "" : "  ".repeat(depth - 1) + "└─", link.text());
        }
        links.get(0).why().ifPresent(why -> page.blank().line(links.get(0).label() + " " + why + "."));
        return page;
    }
}
