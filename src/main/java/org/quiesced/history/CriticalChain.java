// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Outcome;
import org.quiesced.report.Page;

/**
 * The critical chain of a device: the device that it waited for last, the device that this one waited for last, and so
 * on. A device waits for its dependents, and on the serial lane for the device before it.
 */
public final class CriticalChain {
    private final ShutdownRecord record;
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
     * @param took duration of its shutdown; empty if unknown
     * @param outcome its outcome
     * @param because why the device before it in the chain waited for it; empty for the first
     * @param why why it went down late, in words; empty if it began at once and took its usual time
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
        private static Link of(DeviceRecord device, Optional<Waits.Cause> because, Optional<String> why) {
            return new Link(
                    device.device(),
                    device.path(),
                    device.label(),
                    device.driver(),
                    device.start(),
                    device.took(),
                    device.outcome(),
                    because,
                    why);
        }

        private boolean isOnTheLane() {
            return because.filter(Waits.Cause.SERIAL_LANE::equals).isPresent();
        }

        private String text() {
            return label
                    + start.map(at -> " @" + RecordText.seconds(at)).orElse("")
                    + took.map(time -> " +" + RecordText.seconds(time)).orElse("")
                    + (outcome == Outcome.DOWN ? "" : " (" + outcome.word() + ")")
                    + (isOnTheLane() ? ", before it on the serial lane" : "");
        }
    }

    /** Prepares the chains of a shutdown. */
    public CriticalChain(ShutdownRecord record) {
        this.record = record;
        this.waits = new Waits(record);
        this.lateness = new Lateness(record);
    }

    /** Returns the device whose shutdown ended last; empty if quiesced shut none down. */
    public Optional<DeviceRecord> last() {
        return record.devices().stream()
                .filter(device -> device.took().isPresent())
                .max(Comparator.comparingDouble(device -> device.end().orElse(0.0)));
    }

    /** Returns the device with a name, as {@link RecordedNames#find} does. */
    public Optional<DeviceRecord> find(String name) {
        return RecordedNames.find(record, name);
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
        return Link.of(device, because, lateness.of(device));
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
            // The devices of the serial lane stand below each other: there may be a hundred.
            depth += i == 0 || link.isOnTheLane() && links.get(i - 1).isOnTheLane() ? 0 : 1;
            page.item(depth == 0 ? "" : "  ".repeat(depth - 1) + "└─", link.text());
        }
        links.get(0).why().ifPresent(why -> page.blank().line(links.get(0).label() + " " + why + "."));
        return page;
    }
}
