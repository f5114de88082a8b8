// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.run.Event;

/** The story of a run: its events, and the operations of the kernel. */
final class RunStory {
    private RunStory() {}

    private record Line(long at, String text) {}

    /**
     * Returns a line for each event and each operation, in the order of time.
     *
     * @param begin the time of the kernel's clock at which the run began
     */
    static List<String> of(List<EventRules.Told> told, List<Operation> log, long begin) {
        Stream<Line> events = told.stream()
                .map(one -> new Line(
                        one.time(), "told " + one.event().getClass().getSimpleName() + " " + describe(one.event())));
        Stream<Line> operations = log.stream()
                .map(operation -> new Line(
                        operation.from() - begin,
                        operation.kind() + " " + operation.device() + ", until " + millis(operation.to() - begin)));
        return Stream.concat(events, operations)
                .sorted(Comparator.comparingLong(Line::at))
                .map(line -> millis(line.at()) + ": " + line.text())
                .toList();
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }

    private static String describe(Event event) {
        if (event instanceof Event.LeftToKernel left) {
            return event.device() + ": " + left.reason().describe();
        }
        if (event instanceof Event.Deferred deferred) {
            return event.device() + ": " + deferred.reason().describe();
        }
        return event instanceof Event.Done done
                ? event.device() + ": " + done.ending().describe()
                : event.device().toString();
    }
}
