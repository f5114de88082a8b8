// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import java.util.Optional;
import org.quiesced.history.ReportText;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.TraceJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(description = "Show the whole record of a shutdown: the times of its stages, and the outcome of each device.")
final class ReportCommand extends VerbCommand {
    @Mixin
    private RecordOption record;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NUMBER|FILE",
            description = "The shutdown, as with --shutdown.")
    private Optional<String> which;

    @Option(
            names = "--trace",
            description = "Write the trace event format of ui.perfetto.dev, with a track per device.")
    private boolean trace;

    @Mixin
    private JsonOption json;

    ReportCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        which.ifPresent(record::select);
        ShownShutdown shown = record.record(output());
        if (trace) {
            output().json(TraceJson.of(shown.record()), JsonMode.SHORT);
        } else {
            show(shown.record(), json, () -> ReportText.page(shown, ZoneId.systemDefault()));
        }
        return 0;
    }
}
