// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.method.DriveIdentity;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.report.Outcome;
import org.quiesced.shutdown.Verb;

/**
 * The usual times of drives: the medians of their times in recorded shutdowns, by drive and by model. Shutdowns with
 * and without a subsequent power loss are counted separately, because SCSI disks are stopped only in the former.
 */
final class UsualTimes {
    private record Of(Object drive, boolean powerGoes) {}

    private record Model(String driver, String model) {}

    private record Single(String driver, DriveIdentity identity) {}

    private final Map<Of, List<Double>> times = new HashMap<>();

    /** Collects the times of the drives that went down. */
    UsualTimes(Collection<ShutdownRecord> records) {
        for (ShutdownRecord record : records) {
            boolean powerGoes = powerGoes(record.verb());
            record.devices().stream()
                    .filter(device -> device.outcome() == Outcome.DOWN)
                    .forEach(device -> add(device, powerGoes));
        }
    }

    private void add(DeviceRecord device, boolean powerGoes) {
        if (device.identity().isEmpty() || device.took().isEmpty()) {
            return;
        }
        keys(device.driver(), device.identity().get())
                .forEach(key -> times.computeIfAbsent(new Of(key, powerGoes), none -> new ArrayList<>())
                        .add(device.took().get()));
    }

    private static Stream<Object> keys(String driver, DriveIdentity identity) {
        Object single = new Single(driver, identity);
        return identity.model().isEmpty() ? Stream.of(single) : Stream.of(single, new Model(driver, identity.model()));
    }

    private static boolean powerGoes(String verb) {
        return Verb.ofWord(verb).filter(Verb::stopsDisks).isPresent();
    }

    /** Returns the usual time of a drive in a shutdown, in seconds; if unknown, that of its model. */
    Optional<Double> of(String driver, DriveIdentity identity, String verb) {
        return keys(driver, identity)
                .flatMap(key -> median(new Of(key, powerGoes(verb))).stream())
                .findFirst();
    }

    private Optional<Double> median(Of what) {
        List<Double> sorted =
                times.getOrDefault(what, List.of()).stream().sorted().toList();
        int half = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
    }

    /** Returns the times for plans: the longer of both kinds of shutdown, because a plan is made for any verb. */
    ExpectedTimes expected() {
        Map<DriveIdentity, Double> drives = new HashMap<>();
        Map<String, Double> models = new HashMap<>();
        times.keySet().forEach(of -> {
            double median = median(of).orElseThrow();
            if (of.drive() instanceof Single single) {
                drives.merge(single.identity(), median, Math::max);
            } else if (of.drive() instanceof Model model) {
                models.merge(model.model(), median, Math::max);
            }
        });
        return new ExpectedTimes(drives, models);
    }
}
