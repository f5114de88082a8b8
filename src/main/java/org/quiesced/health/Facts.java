// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Phases;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordText;
import org.quiesced.history.Savings;
import org.quiesced.history.ShutdownRecord;

/**
 * The figures of a shutdown, for systemd-report(1) and the metrics. Times are in seconds.
 *
 * @param number the number of the record
 * @param verb the verb of the shutdown
 * @param version the version of quiesced
 * @param kernel the release of the kernel
 * @param asked time of the shutdown request, since the epoch
 * @param complete whether the end of the record was carried over the restart
 * @param took duration of the shutdown
 * @param saved time saved compared to the kernel alone, negative if it took longer; empty if unknown
 * @param phases duration of each phase
 * @param drives number of drives by outcome
 * @param compared number of drives whose counters show whether they were shut down cleanly
 * @param unsafe number of these that counted an unsafe shutdown
 * @param slow number of slow drives ({@link DeviceRecord#slowness})
 */
public record Facts(
        int number,
        String verb,
        String version,
        String kernel,
        double asked,
        boolean complete,
        Optional<Double> took,
        Optional<Double> saved,
        Map<String, Double> phases,
        Map<String, Long> drives,
        long compared,
        long unsafe,
        long slow) {
    /** Copies the maps, which keep their order. */
    public Facts {
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
        drives = Collections.unmodifiableMap(new LinkedHashMap<>(drives));
    }

    /** Returns the facts of a record. */
    static Facts of(RecordFiles.Kept kept) {
        ShutdownRecord record = kept.record();
        List<DeviceRecord> drives = RecordText.drives(record);
        Phases phases = Phases.of(record);
        Map<String, Double> times = new LinkedHashMap<>();
        phases.parts().forEach(part -> times.put(part.name(), part.took()));
        return new Facts(
                kept.number(),
                record.verb(),
                record.version(),
                record.kernel(),
                record.asked(),
                record.isComplete(),
                phases.took(),
                Savings.of(record),
                times,
                RecordText.outcomes(record),
                drives.stream().filter(drive -> drive.proof() != Proof.UNKNOWN).count(),
                drives.stream().filter(drive -> drive.proof() == Proof.UNSAFE).count(),
                drives.stream()
                        .filter(drive -> drive.slowness(record).isPresent())
                        .count());
    }
}
