// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quiesced.device.Device;

@Timeout(60)
class SharedClaimsTest {
    private static final Device DISK = disk("nvme0n1");
    private static final Device OTHER = disk("nvme1n1");

    /** Numbers of claims and of releases of {@link #DISK}. */
    private final AtomicInteger taken = new AtomicInteger();

    private final AtomicInteger given = new AtomicInteger();
    private final CountDownLatch opening = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private volatile boolean openHangs;
    private volatile boolean closeHangs;
    private volatile boolean fails;

    private final SharedClaims claims = new SharedClaims(new BlockClaims() {
        @Override
        public Claim claim(Device disk) throws IOException {
            if (fails) {
                throw new IOException("no such disk");
            }
            if (openHangs && disk.equals(DISK)) {
                opening.countDown();
                hang();
            }
            if (disk.equals(DISK) && taken.get() > given.get()) {
                throw new DeviceInUseException(disk, new User.Described("us"));
            }
            count(taken, disk);
            return () -> {
                if (closeHangs && disk.equals(DISK)) {
                    closing.countDown();
                    hang();
                }
                count(given, disk);
            };
        }

        @Override
        public VisibleUsers visibleUsers() {
            return VisibleUsers.NONE;
        }
    });

    private static Device disk(String name) {
        return new Device("/devices/" + name, "block", false, Optional.empty(), Map.of());
    }

    private static void count(AtomicInteger counter, Device disk) {
        if (disk.equals(DISK)) {
            counter.incrementAndGet();
        }
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void letGo() {
        hanging.countDown();
    }

    private CompletableFuture<BlockClaims.Claim> claimAside(Device disk) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return claims.claim(disk);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    @Test
    void controllersOfOneSubsystemShareTheClaimOnItsDisk() throws IOException {
        BlockClaims.Claim first = claims.claim(DISK);
        BlockClaims.Claim second = claims.claim(DISK);
        first.close();
        first.close();

        assertThat(taken).hasValue(1);
        assertThat(given).as("the second one still holds it").hasValue(0);
        second.close();
        assertThat(given).hasValue(1);
        assertThat(claims.size()).isZero();
    }

    @Test
    void diskIsClaimedAgainAfterTheLastRelease() throws IOException {
        claims.claim(DISK).close();
        claims.claim(DISK).close();

        assertThat(taken).hasValue(2);
        assertThat(given).hasValue(2);
    }

    @Test
    void hungOpenOfADiskDelaysNoOtherClaim() throws Exception {
        openHangs = true;
        CompletableFuture<BlockClaims.Claim> stuck = claimAside(DISK);
        opening.await();

        claimAside(OTHER).get(10, TimeUnit.SECONDS).close();
        assertThat(stuck).isNotDone();
        hanging.countDown();
        stuck.get(10, TimeUnit.SECONDS).close();
        assertThat(claims.size()).isZero();
    }

    @Test
    void hungCloseOfADiskDelaysNoOtherClaim() throws Exception {
        closeHangs = true;
        BlockClaims.Claim claim = claims.claim(DISK);
        CompletableFuture<Void> stuck = CompletableFuture.runAsync(claim::close, task -> new Thread(task).start());
        closing.await();

        claimAside(OTHER).get(10, TimeUnit.SECONDS).close();
        assertThat(stuck).isNotDone();
    }

    @Test
    void failedClaimLeavesNothingBehind() throws IOException {
        fails = true;
        assertThatThrownBy(() -> claims.claim(DISK)).hasMessage("no such disk");
        assertThat(claims.size()).isZero();

        fails = false;
        claims.claim(DISK).close();
        assertThat(taken).hasValue(1);
        assertThat(given).hasValue(1);
    }

    @Test
    void concurrentClaimsNeverClaimADiskTwice() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(CompletableFuture.runAsync(this::claimOften, task -> new Thread(task).start()));
        }
        // The exclusive claims above refuse a second claim of the disk, which would fail here.
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(50, TimeUnit.SECONDS);

        assertThat(taken.get()).isPositive().isEqualTo(given.get());
        assertThat(claims.size()).isZero();
    }

    private void claimOften() {
        for (int i = 0; i < 5_000; i++) {
            try (BlockClaims.Claim claim =
                    claims.claim(ThreadLocalRandom.current().nextBoolean() ? DISK : OTHER)) {
                Thread.onSpinWait();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
