// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.quiesced.history.CriticalChain;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.Untimed;
import org.quiesced.report.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Show the chain of devices for which a device waited in a shutdown; by default that of the last one.")
final class CriticalChainCommand extends VerbCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "The sysfs name of a device, or the name of its controller or disk.")
    private Optional<String> device;

    @Mixin
    private RecordOption record;

    @Mixin
    private JsonOption json;

    CriticalChainCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        ShownShutdown shown = record.record(output());
        CriticalChain chain = new CriticalChain(shown.record());
        Optional<DeviceRecord> begin = device.isPresent()
                ? Optional.of(chain.find(device.get())
                        .orElseThrow(() -> new Failure("no device \"" + device.get()
                                + "\" in this shutdown; \"quiescectl report\" lists them")))
                : chain.last();
        List<CriticalChain.Link> links = begin.map(chain::links).orElse(List.of());
        show(links, json, () -> shown.titled(page(shown, links), ZoneId.systemDefault()));
        return 0;
    }

    private static Page page(ShownShutdown shown, List<CriticalChain.Link> links) {
        return Untimed.sentence(shown.record())
                .filter(sentence -> links.isEmpty())
                .map(Page::of)
                .orElseGet(() -> CriticalChain.page(links));
    }
}
