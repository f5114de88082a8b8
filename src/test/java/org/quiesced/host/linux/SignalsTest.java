// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGTERM ends the daemon, but not the drivers' waits for drives in flight. */
class SignalsTest {
    private static final int TERMINATED = 143;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean inFlight = new AtomicBoolean(true);

    @AfterEach
    void asUsual() {
        Signals.onInterruption(() -> true, () -> {}, Runtime.getRuntime()::halt);
        Signals.onTermination(() -> false, () -> Runtime.getRuntime().halt(TERMINATED));
    }

    private static void send(String signal) throws IOException, InterruptedException {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, self).start().waitFor())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aCommandIsNotInterruptedOnceItHasBegun(String signal, int code) throws IOException, InterruptedException {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        Semaphore questions = new Semaphore(0);
        Signals.onInterruption(
                () -> {
                    boolean mayEnd = !inFlight.get();
                    questions.release();
                    return mayEnd;
                },
                () -> told.add("refused"),
                ended -> told.add("ended with " + ended));
        send(signal);
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("refused");
        send(signal);
        assertThat(questions.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();

        inFlight.set(false);
        send(signal);
        assertThat(told.poll(30, TimeUnit.SECONDS)).as("refused but once").isEqualTo("ended with " + code);
    }

    @Test
    void itIsIgnoredWhileDevicesAreInFlight() throws IOException, InterruptedException {
        Signals.onTermination(
                () -> {
                    boolean is = inFlight.get();
                    asked.countDown();
                    return is;
                },
                ended::countDown);
        send("TERM");
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.getCount()).isOne();

        inFlight.set(false);
        send("TERM");
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
