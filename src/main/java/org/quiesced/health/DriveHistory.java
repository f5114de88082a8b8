// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.StoredRecord;
import org.quiesced.method.DriveIdentity;
import org.quiesced.report.Outcome;

/**
 * One drive over all recorded shutdowns.
 *
 * @param name its device name in this boot, or in the last record that contains it
 * @param driver its driver
 * @param model its model
 * @param serial its serial number, or the name of its logical unit
 * @param present whether it is present in this boot
 * @param counters its counters at the last reading in this boot; empty if it has none
 * @param shutdowns its shutdowns, the oldest first
 * @param last its part in the last shutdown; empty if it had none, or the record of that shutdown is damaged
 */
public record DriveHistory(
        String name,
        String driver,
        String model,
        String serial,
        boolean present,
        Optional<Counters> counters,
        List<Entry> shutdowns,
        Optional<Last> last) {
    /**
     * The drive in the last shutdown.
     *
     * @param number the number of the shutdown
     * @param proof whether it was shut down cleanly, by its counters
     * @param warning if not, a sentence with the counters and what was done with it
     */
    public record Last(int number, Proof proof, Optional<String> warning) {}

    /**
     * The drive in one shutdown.
     *
     * @param number the number of the shutdown
     * @param asked time of the shutdown request, in seconds since the epoch
     * @param verb the verb of the shutdown
     * @param outcome the outcome of the drive
     * @param phase the phase in which its shutdown began
     * @param reason the type of the reason, unless the drive is down
     * @param why the reason in words
     * @param took duration of its shutdown, by quiesced or in the kernel's walk, in seconds
     * @param usual its usual time in earlier shutdowns, in seconds
     * @param slow whether it was slow ({@link DeviceRecord#slowness}); empty if one of these times is unknown
     * @param proof whether it was shut down cleanly, by its counters
     * @param before its counters before the shutdown
     * @param after its counters after the shutdown
     */
    public record Entry(
            int number,
            double asked,
            String verb,
            Outcome outcome,
            Optional<String> phase,
            Optional<String> reason,
            Optional<String> why,
            Optional<Double> took,
            Optional<Double> usual,
            Optional<Boolean> slow,
            Proof proof,
            Optional<Counters> before,
            Optional<Counters> after) {
        boolean isOf(Last shutdown) {
            return number == shutdown.number();
        }

        private static Entry of(RecordFiles.Kept kept, DeviceRecord device) {
            Optional<Double> took = device.tookIn(kept.record());
            return new Entry(
                    kept.number(),
                    kept.record().asked(),
                    kept.record().verb(),
                    device.outcome(),
                    device.phase(),
                    device.reason(),
                    device.why(),
                    took,
                    device.usual(),
                    took.flatMap(time -> device.usual())
                            .map(usual -> device.slowness(kept.record()).isPresent()),
                    device.proof(),
                    device.before(),
                    device.after());
        }
    }

    private record Known(String name, String driver) {}

    /** Copies the list. */
    public DriveHistory {
        shutdowns = List.copyOf(shutdowns);
    }

    /** Returns the number of shutdowns with one of the given proofs. */
    long count(Set<Proof> proofs) {
        return shutdowns.stream()
                .filter(entry -> proofs.contains(entry.proof()))
                .count();
    }

    /**
     * Returns the drives, those of the present boot first.
     *
     * @param records the stored records
     */
    public static List<DriveHistory> of(RecordFiles.Contents records, Optional<Drives> present) {
        Map<DriveIdentity, Known> known = new LinkedHashMap<>();
        Map<DriveIdentity, Optional<Counters>> counters = new LinkedHashMap<>();
        List<Drive> here = present.map(Drives::drives).orElse(List.of());
        here.forEach(drive -> {
            known.put(drive.identity(), new Known(drive.name(), drive.driver()));
            counters.put(drive.identity(), drive.counters());
        });
        Map<DriveIdentity, List<Entry>> entries = new LinkedHashMap<>();
        Map<DriveIdentity, Known> former = new LinkedHashMap<>();
        for (RecordFiles.Kept kept : records.records()) {
            for (DeviceRecord device : kept.record().devices()) {
                device.identity().ifPresent(identity -> {
                    former.put(identity, new Known(device.label(), device.driver()));
                    entries.computeIfAbsent(identity, none -> new ArrayList<>()).add(Entry.of(kept, device));
                });
            }
        }
        Map<DriveIdentity, Last> last = new LinkedHashMap<>();
        records.last()
                .flatMap(StoredRecord::kept)
                .ifPresent(kept -> kept.record()
                        .devices()
                        .forEach(device -> device.identity()
                                .ifPresent(identity -> last.put(
                                        identity,
                                        new Last(kept.number(), device.proof(), CounterComparison.warning(device))))));
        former.forEach(known::putIfAbsent);
        List<DriveHistory> all = new ArrayList<>();
        known.forEach((identity, named) -> all.add(new DriveHistory(
                named.name(),
                named.driver(),
                identity.model(),
                identity.serial(),
                counters.containsKey(identity),
                counters.getOrDefault(identity, Optional.empty()),
                entries.getOrDefault(identity, List.of()),
                Optional.ofNullable(last.get(identity)))));
        return all;
    }
}
