// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;

/**
 * Who had a user when the shutdown began is not forgotten when the user lets go, and not remembered for the next
 * shutdown.
 */
class EvidenceTest {
    private static final Device DISK = disk("/devices/a");
    private static final Device OTHER = disk("/devices/b");

    private final AtomicLong now = new AtomicLong(1);
    private final Evidence evidence = new Evidence(now::get);

    private static Device disk(String path) {
        return new Device(path, "block", false, Optional.empty(), Map.of());
    }

    @Test
    void theLastLookBeforeAndTheLookAtTheBeginningBothCount() {
        evidence.begin(Set.of(DISK.path()), Set.of(OTHER.path()));

        assertThat(evidence.hadUser(Set.of())).accepts(DISK, OTHER);
    }

    @Test
    void aLookDuringTheShutdownTakesNothingAwayAndAddsNothing() {
        evidence.begin(Set.of(DISK.path()), Set.of());

        assertThat(evidence.hadUser(Set.of(OTHER.path()))).accepts(DISK).rejects(OTHER);
    }

    @Test
    void whereNobodySaidThatAShutdownBeginsTheLastLookCounts() {
        assertThat(evidence.hadUser(Set.of(OTHER.path()))).accepts(OTHER).rejects(DISK);
    }

    @Test
    void afterAShutdownItStartsAnew() {
        evidence.begin(Set.of(DISK.path()), Set.of());
        evidence.forget();

        assertThat(evidence.hadUser(Set.of())).rejects(DISK);
    }

    @Test
    void afterACancelledShutdownWhatWasSeenBeforeDoesNotCount() {
        Set<String> before = Set.of(DISK.path());
        evidence.begin(before, Set.of());
        evidence.cancelled(before);
        assertThat(evidence.hadUser(before))
                .as("where nobody says that the next one begins")
                .rejects(DISK);

        evidence.begin(before, Set.of(OTHER.path()));
        assertThat(evidence.hadUser(before)).accepts(OTHER).rejects(DISK);
    }

    @Test
    void afterACancelledShutdownLaterLooksCount() {
        evidence.cancelled(Set.of(DISK.path()));
        Set<String> later = new HashSet<>(Set.of(DISK.path()));
        assertThat(evidence.hadUser(later)).accepts(DISK);

        evidence.begin(later, Set.of());
        assertThat(evidence.hadUser(Set.of())).accepts(DISK);
    }

    @Test
    void whatIsTooOldBelongsToAShutdownThatNeverCame() {
        evidence.begin(Set.of(DISK.path()), Set.of());
        now.addAndGet(Evidence.LONGEST.toNanos());
        assertThat(evidence.hadUser(Set.of())).accepts(DISK);
        now.incrementAndGet();
        assertThat(evidence.hadUser(Set.of())).rejects(DISK);
    }
}
