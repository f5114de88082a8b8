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

/** Users at the beginning of a shutdown are remembered after their release, and forgotten before the next shutdown. */
class UsedBeforeShutdownTest {
    private static final Device DISK = disk("/devices/a");
    private static final Device OTHER = disk("/devices/b");

    private final AtomicLong now = new AtomicLong(1);
    private final UsedBeforeShutdown usedBefore = new UsedBeforeShutdown(now::get);

    private static Device disk(String path) {
        return new Device(path, "block", false, Optional.empty(), Map.of());
    }

    @Test
    void usersBeforeAndAtTheBeginningOfAShutdownCount() {
        usedBefore.begin(Set.of(DISK.path()), Set.of(OTHER.path()));

        assertThat(usedBefore.hadUser(Set.of())).accepts(DISK, OTHER);
    }

    @Test
    void usersFoundDuringTheShutdownChangeNothing() {
        usedBefore.begin(Set.of(DISK.path()), Set.of());

        assertThat(usedBefore.hadUser(Set.of(OTHER.path()))).accepts(DISK).rejects(OTHER);
    }

    @Test
    void lastKnownUsersCountForAnUnannouncedShutdown() {
        assertThat(usedBefore.hadUser(Set.of(OTHER.path()))).accepts(OTHER).rejects(DISK);
    }

    @Test
    void usersAreForgottenAfterAShutdown() {
        usedBefore.begin(Set.of(DISK.path()), Set.of());
        usedBefore.forget();

        assertThat(usedBefore.hadUser(Set.of())).rejects(DISK);
    }

    @Test
    void usersBeforeACancelledShutdownDoNotCount() {
        Set<String> before = Set.of(DISK.path());
        usedBefore.begin(before, Set.of());
        usedBefore.cancelled(before);
        assertThat(usedBefore.hadUser(before)).as("in an unannounced shutdown").rejects(DISK);

        usedBefore.begin(before, Set.of(OTHER.path()));
        assertThat(usedBefore.hadUser(before)).accepts(OTHER).rejects(DISK);
    }

    @Test
    void usersFoundAfterACancelledShutdownCount() {
        usedBefore.cancelled(Set.of(DISK.path()));
        Set<String> later = new HashSet<>(Set.of(DISK.path()));
        assertThat(usedBefore.hadUser(later)).accepts(DISK);

        usedBefore.begin(later, Set.of());
        assertThat(usedBefore.hadUser(Set.of())).accepts(DISK);
    }

    @Test
    void usersExpire() {
        usedBefore.begin(Set.of(DISK.path()), Set.of());
        now.addAndGet(UsedBeforeShutdown.LONGEST.toNanos());
        assertThat(usedBefore.hadUser(Set.of())).accepts(DISK);
        now.incrementAndGet();
        assertThat(usedBefore.hadUser(Set.of())).rejects(DISK);
    }
}
