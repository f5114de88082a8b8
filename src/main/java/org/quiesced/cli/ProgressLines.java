// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Locale;
import org.quiesced.report.EventMessages;
import org.quiesced.run.Event;

/** Shows one line per device when its shutdown ends. */
final class ProgressLines implements ProgressView {
    private final Output output;
    private final EventMessages messages;
    private final Pace pace;
    private final boolean isTimed;

    ProgressLines(Output output, Simulation simulation, Pace pace) {
        this.output = output;
        this.messages = new EventMessages(simulation.plan(), EventMessages.Severity.INFO, simulation.unknown());
        this.isTimed = !simulation.unknown().isAll();
        this.pace = pace;
    }

    @Override
    public void advance(long time) {
        pace.pass(time, shown -> {});
    }

    @Override
    public void happened(Event event) {
        messages.of(event).ifPresent(message -> output.paragraph(label(event), message.text()));
    }

    private String label(Event event) {
        return isTimed ? String.format(Locale.ROOT, "%9.3f s  ", event.at() / 1e9) : "          -  ";
    }
}
