// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Phases;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordText;
import org.quiesced.history.Savings;
import org.quiesced.history.ShutdownRecord;

/**
 * The figures of a shutdown, as systemd-report(1) and the metrics have them. Times are in seconds.
 *
 * @param number the number of the record
 * @param verb what was asked of systemd
 * @param version the version of quiesced
 * @param kernel the release of the kernel
 * @param asked when the shutdown was asked for, since the epoch
 * @param complete whether the end of the record was carried over the restart
 * @param took how long it took
 * @param saved how much shorter it was than by the kernel alone
 * @param phases how long each of its phases took
 * @param drives how many drives had which outcome
 * @param compared how many drives tell whether they were shut down cleanly
 * @param unsafe how many of these counted an unsafe shutdown
 * @param slow how many drives took three times their usual time
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
        Map<String, Long> outcomes = new TreeMap<>();
        drives.forEach(drive -> outcomes.merge(drive.outcome().word(), 1L, Long::sum));
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
                outcomes,
                drives.stream().filter(drive -> drive.proof() != Proof.UNKNOWN).count(),
                drives.stream().filter(drive -> drive.proof() == Proof.UNSAFE).count(),
                drives.stream().filter(drive -> drive.slowness().isPresent()).count());
    }
}
