// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.work.WorkerPool;

/** A scan is shared for a limited time, and a hung scan is awaited once. */
class UsageScansTest {
    private static final long SECOND = 1_000_000_000L;

    private final Lockstep clock = new Lockstep();
    private final WorkerPool<Long> pool = clock.workers().newPool();
    private final long begin = pool.now();
    private final List<Long> looks = new ArrayList<>();
    /** The process that has the disk open. A scan sees the one at the time of its beginning. */
    private Optional<User> opener = Optional.empty();

    private Usage usage(Duration time) {
        return new Usage() {
            @Override
            public Users scan() {
                looks.add(pool.now() - begin);
                Optional<User> seen = opener;
                clock.spend(time.toNanos());
                return below -> seen;
            }

            @Override
            public Traffic traffic(Device disk) {
                throw new AssertionError("nobody asks for it");
            }
        };
    }

    private void ask(UsageScans look) {
        pool.aside(() -> {
            long asked = pool.now();
            try {
                look.users(pool.now());
                pool.post(pool.now() - asked);
            } catch (IOException e) {
                pool.post(-(pool.now() - asked));
            }
        });
    }

    private long waited() {
        return pool.await(Long.MAX_VALUE / 2).orElseThrow();
    }

    @Test
    void simultaneousQueriesShareAScan() {
        UsageScans look = new UsageScans(usage(Duration.ofMillis(300)), pool);
        ask(look);
        ask(look);

        assertThat(List.of(waited(), waited())).containsExactly(300_000_000L, 300_000_000L);
        assertThat(looks).hasSize(1);
    }

    @Test
    void scanInAdvanceServesForASecond() throws IOException {
        UsageScans look = new UsageScans(usage(Duration.ZERO), pool);
        look.scanInAdvance();
        clock.spend(SECOND);
        look.users(pool.now());
        assertThat(looks).hasSize(1);
        clock.spend(1);
        look.users(pool.now());

        assertThat(looks).containsExactly(0L, SECOND + 1);
    }

    @Test
    void openerBetweenAnEarlierScanAndTheClaimIsSeen() throws IOException {
        UsageScans look = new UsageScans(usage(Duration.ofMillis(100)), pool);
        look.known();
        clock.spend(200_000_000);
        opener = Optional.of(new User.Described("open by vm"));
        clock.spend(200_000_000);
        long claimed = pool.now();
        clock.spend(400_000_000);

        assertThat(look.users(claimed).of(DeviceTree.of(List.of(), List.of())))
                .contains(new User.Described("open by vm"));
        assertThat(looks).containsExactly(0L, 900_000_000L);
    }

    @Test
    void scanServesAllEarlierClaims() throws IOException {
        UsageScans look = new UsageScans(usage(Duration.ofMillis(100)), pool);
        look.known();
        long claimed = pool.now();
        clock.spend(400_000_000);
        look.users(claimed);
        look.users(claimed - 1);

        assertThat(looks).containsExactly(0L, 500_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1S", "PT0.6S, PT6S", "PT3S, PT10S"})
    void scanServesTenTimesItsDurationWithinOneAndTenSeconds(Duration scan, Duration served) throws IOException {
        UsageScans look = new UsageScans(usage(scan), pool);
        look.users(0);
        clock.spend(served.toNanos());
        look.users(0);
        assertThat(looks).hasSize(1);
        clock.spend(1);
        look.users(0);

        assertThat(looks).containsExactly(0L, scan.plus(served).toNanos() + 1);
    }

    @Test
    void scanBegunBeforeTheClaimDoesNotServe() throws IOException {
        UsageScans look = new UsageScans(usage(Duration.ofSeconds(4)), pool);
        pool.aside(look::scanInAdvance);
        clock.spend(2 * SECOND);
        look.users(pool.now() - 1);

        assertThat(looks).containsExactly(0L, 2 * SECOND);
    }

    @Test
    void lastResultServesAPreliminaryQuery() throws IOException {
        UsageScans look = new UsageScans(usage(Duration.ofSeconds(4)), pool);
        pool.aside(look::scanInAdvance);
        clock.spend(2 * SECOND);
        look.known();
        clock.spend(100 * SECOND);
        look.known();

        assertThat(looks).hasSize(1);
    }

    @Test
    void hungScanIsAwaitedOnce() {
        UsageScans look = new UsageScans(usage(Duration.ofHours(1)), pool);
        pool.aside(look::scanInAdvance);
        ask(look);
        assertThat(waited()).isEqualTo(-20 * SECOND);

        ask(look);
        assertThat(waited()).as("for a device that asks later").isZero();
        assertThat(looks).hasSize(1);
        UsageScans late = look.next();
        pool.aside(late::scanInAdvance);
        ask(late);
        assertThat(waited()).as("in the next phase").isEqualTo(-2 * SECOND);
    }

    @Test
    void recentScanDoesNotShortenTheWaitOfTheNextPhase() {
        UsageScans look = new UsageScans(usage(Duration.ofHours(1)), pool);
        pool.aside(look::scanInAdvance);
        clock.spend(5 * SECOND);
        UsageScans late = look.next();
        pool.aside(late::scanInAdvance);
        ask(late);

        assertThat(waited()).isEqualTo(-20 * SECOND);
    }
}
