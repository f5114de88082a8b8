// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.health.AfterBoot;
import org.quiesced.health.DriveReader;
import org.quiesced.health.ExpectedFile;
import org.quiesced.health.FactsFile;
import org.quiesced.health.MetricsFile;
import org.quiesced.health.MetricsText;
import org.quiesced.history.Completion;
import org.quiesced.history.PstoreSettings;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordText;
import org.quiesced.host.linux.Journalctl;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.snapshot.ExpectedTimesFile;
import picocli.CommandLine.Command;

/** Completes and stores the record of the last shutdown; run by {@code quiesced-history.service} after boot. */
@Command(
        hidden = true,
        description = "Complete and store the record of the last shutdown. For quiesced-history.service.")
final class CompleteRecordCommand extends VerbCommand {
    CompleteRecordCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        try {
            LinuxKernel kernel = LinuxKernel.running(DriveTypes.SUPPORTED.attributes());
            AfterBoot.Result result = new AfterBoot(
                            Completion.ofThisMachine(new Journalctl(), output()::warn),
                            new RecordFiles(RecordFiles.SYSTEM),
                            new ExpectedFile(DaemonOption.DIRECTORY.resolve(ExpectedTimesFile.NAME)),
                            new FactsFile(DaemonOption.DIRECTORY.resolve(FactsFile.NAME)))
                    .run(LinuxHost.bootId(), () -> DriveReader.OF_THIS_MACHINE.read(kernel, kernel.scsiCounters()));
            result.kept().ifPresent(this::report);
            // systemd sets this variable if the output goes to the journal (systemd.exec(5)).
            boolean toJournal = System.getenv("JOURNAL_STREAM") != null;
            result.lines().forEach(line -> output().line(line.written(toJournal)));
            metrics().ifPresent(file -> write(file, result));
        } catch (IOException e) {
            throw new Failure(e);
        } catch (InterruptedException e) {
            throw new Failure("interrupted");
        }
        return 0;
    }

    /**
     * Returns the file for a monitoring system; empty also if the configuration is invalid, which the daemon reports.
     */
    private static Optional<MetricsFile> metrics() {
        try {
            return new ConfigFiles(DriveTypes.SUPPORTED.drivers())
                    .load(ConfigFiles.SYSTEM)
                    .metrics()
                    .map(MetricsFile::new);
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    private static void write(MetricsFile file, AfterBoot.Result result) {
        try {
            file.write(MetricsText.of(result.last(), result.drives()));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private void report(RecordFiles.Kept kept) {
        output().line("shutdown " + kept.number() + ": " + RecordText.summary(kept.record()));
        RecordText.phases(kept.record()).ifPresent(output()::line);
        if (!kept.record().isComplete()) {
            List<PstoreSettings.Missing> missing = new PstoreSettings(Path.of("/")).missing();
            output().line("the end of the record was not carried over the restart"
                    + (missing.isEmpty()
                            ? ""
                            : ": "
                                    + missing.stream()
                                            .map(PstoreSettings.Missing::toString)
                                            .collect(Collectors.joining("; "))));
        }
    }
}
