// SPDX-License-Identifier: Apache-2.0
package org.quiesced.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.oneshot.OneShot;
import org.quiesced.plan.Planner;
import org.quiesced.report.EventMessages;
import org.quiesced.shutdown.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines of a run in the kernel's log and the journal. */
class LoggingTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void reset() {
        Logging.toStandardError();
    }

    @Test
    void logHasALineAtTheStartOnePerDeviceAndTotals() throws IOException {
        MachineBuilder builder = new MachineBuilder("logged");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(2));
        builder.inUse(builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(2)), "mounted on /");
        builder.fault(builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(2)), Fault.UNBIND_FAILS);
        builder.device("/devices/pci", "0000:04:00.0", "pci", "xhci_hcd");
        Logging.toKernelLog((priority, line) -> log.add(priority + " " + line));

        Machine machine = builder.build();
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Config config = Configs.config(Mode.ON, Map.of(), Map.of());
        CheckedRun.addMachine(machine, kernel, Planner.assumingFree(config).plan(machine.tree()), Verb.REBOOT);
        new OneShot(kernel, kernel.workers(), config, Verb.REBOOT).run(Duration.ofSeconds(80));
        awaitLines(6);
        Logging.close();

        assertThat(log)
                .containsExactly(
                        "INFO quiesced: reboot: shutting down 3 drives in parallel",
                        "DEBUG quiesced: xhci_hcd 0000:04:00.0 left to the kernel: no method for driver xhci_hcd",
                        "WARNING quiesced: nvme 0000:03:00.0 (nvme2) left to the kernel: failed: 0000:03:00.0: unbind: No such device",
                        "INFO quiesced: nvme 0000:02:00.0 (nvme1) left to the kernel: nvme1n1 is in use: mounted on /",
                        "INFO quiesced: nvme 0000:01:00.0 (nvme0) is down after 2.00s",
                        "INFO quiesced: end: 1 drive down, 2 left to the kernel (nvme1: in use, mounted on /; nvme2: failed: 0000:03:00.0: unbind: No such device), in 2.00s");
    }

    /** Waits until lines are written, which happens in the background. */
    private void awaitLines(int count) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (log.size() < count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void journalIsUsedAgainAfterACancelledShutdown() {
        List<String> journal = Collections.synchronizedList(new ArrayList<>());
        Logging.ShutdownLog shutdownLog = Logging.toJournal(
                (priority, message, fields) -> journal.add(message), (priority, line) -> log.add(line));

        shutdownLog.begin();
        shutdownLog.say(new EventMessages.Message(EventMessages.Severity.INFO, "during"));
        shutdownLog.drain();
        shutdownLog.end();
        shutdownLog.say(new EventMessages.Message(EventMessages.Severity.INFO, "after"));
        Logging.close();

        assertThat(log).containsExactly("quiesced: during");
        assertThat(journal).containsExactly("after");
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "2, ''", "3, ERROR", "4, WARNING ERROR", "5, WARNING ERROR", "6, INFO WARNING ERROR"})
    void theJournalHasWhatIsUrgentEnough(int level, String expected) {
        assertThat(writtenAt(level)).isEqualTo(expected);
    }

    @Test
    void detailsAreLoggedOnceTheyAreAskedFor() {
        assertThat(writtenAt(7)).isEqualTo("DEBUG INFO WARNING ERROR");
    }

    private String writtenAt(int level) {
        Logger logger = LoggerFactory.getLogger("quiesced");
        Logging.toJournal((priority, message, fields) -> log.add(priority.name()), (priority, line) -> {});
        LogLimit.set(level);
        logger.debug("a detail");
        logger.info("information");
        logger.warn("a warning");
        logger.error("an error");
        Logging.close();
        return String.join(" ", log);
    }

    @Test
    void theRecordOfAShutdownIsWrittenWhateverTheLogIsLimitedTo() {
        Logging.ShutdownLog shutdownLog = Logging.toJournal(
                (priority, message, fields) -> true,
                (priority, line) -> log.add(line.replaceFirst(" \\d+\\.\\d+", "")));
        LogLimit.set(0);

        shutdownLog.begin();
        shutdownLog.say(new EventMessages.Message(EventMessages.Severity.INFO, "during"));
        shutdownLog.carry("1 boot");
        shutdownLog.drain();
        Logging.close();

        assertThat(log).containsExactly("quiesced: record 1 boot");
    }

    @Test
    void recordIsWrittenToTheKernelLogOnlyWithItsTime() {
        List<String> journal = new ArrayList<>();
        Logging.ShutdownLog shutdownLog = Logging.toJournal(
                (priority, message, fields) -> journal.add(message),
                (priority, line) -> log.add(priority + " " + line));

        shutdownLog.carry("before");
        // Waits until the line is written.
        shutdownLog.end();
        shutdownLog.begin();
        double from = System.nanoTime() / 1e9;
        shutdownLog.carry("1 boot");
        shutdownLog.drain();
        double to = System.nanoTime() / 1e9;
        Logging.close();

        assertThat(journal).isEmpty();
        assertThat(log).hasSize(1);
        assertThat(log.get(0)).matches("DEBUG quiesced: record \\d+\\.\\d{6} 1 boot");
        assertThat(Double.parseDouble(log.get(0).split(" ")[3])).isBetween(from - 1e-5, to + 1);
    }

    @Test
    void closeWaitsForPendingLines() {
        Logging.toKernelLog((priority, line) -> {
            // Longer than the log's thread takes to fetch the line from its queue.
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            log.add(line + (Thread.currentThread().isInterrupted() ? ", cut short" : ""));
        });

        LoggerFactory.getLogger("quiesced").info("the last line");
        Logging.close();

        assertThat(log).containsExactly("quiesced: the last line");
    }
}
