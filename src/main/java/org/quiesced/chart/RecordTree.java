// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.List;
import java.util.Optional;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.RecordText;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.report.Column;
import org.quiesced.report.Outcome;
import org.quiesced.report.Page;
import org.quiesced.report.Table;

/**
 * The tree of the devices of a recorded shutdown.
 *
 * @param verb the verb of the shutdown
 * @param devices the roots
 */
public record RecordTree(String verb, List<Node> devices) {
    /**
     * A device. Times are in seconds since the shutdown request.
     *
     * @param device its sysfs name
     * @param path its path below {@code /sys}
     * @param label its display name
     * @param driver its driver
     * @param disposition its planned disposition
     * @param outcome its outcome
     * @param phase the phase in which its shutdown began or was planned
     * @param start when its shutdown began
     * @param end when its shutdown ended, or it was left to the kernel
     * @param took the duration of its shutdown, by quiesced or in the kernel's walk
     * @param consumers the labels of the devices that need it by a device link
     * @param reason unless it is down, the type of the reason
     * @param why the reason in words
     * @param children the devices below it
     */
    public record Node(
            String device,
            String path,
            String label,
            String driver,
            String disposition,
            Outcome outcome,
            Optional<String> phase,
            Optional<Double> start,
            Optional<Double> end,
            Optional<Double> took,
            List<String> consumers,
            Optional<String> reason,
            Optional<String> why,
            List<Node> children) {
        /** Copies the lists. */
        public Node {
            consumers = List.copyOf(consumers);
            children = List.copyOf(children);
        }
    }

    /** Copies the list. */
    public RecordTree {
        devices = List.copyOf(devices);
    }

    /** Returns the tree of the graph of a record. */
    public static RecordTree of(ShutdownRecord record, DeviceGraph<DeviceRecord> graph) {
        return new RecordTree(
                record.verb(),
                Forest.of(
                        graph,
                        (device, consumers, children) -> new Node(
                                device.device(),
                                device.path(),
                                device.label(),
                                device.driver(),
                                device.disposition(),
                                device.outcome(),
                                device.phase(),
                                device.start(),
                                device.end(),
                                device.tookIn(record),
                                consumers,
                                device.reason(),
                                device.why(),
                                children)));
    }

    /** Returns the tree as a table. */
    public Page page() {
        Table table = new Table(
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(2),
                Column.text("OUTCOME", 6),
                Column.word("PHASE").leftOut(3),
                Column.number("AT"),
                Column.number("TIME"),
                Column.text("CONSUMERS", 5).leftOut(1),
                Column.text("WHY", 12));
        Forest.draw(
                devices,
                Node::children,
                (branch, node) -> table.row(
                        branch + node.label(),
                        node.driver(),
                        node.outcome().word(),
                        node.phase().orElse("-"),
                        node.start().or(node::end).map(RecordText::seconds).orElse("-"),
                        node.took().map(RecordText::seconds).orElse("-"),
                        Forest.cell(node.consumers()),
                        node.why().orElse("-")));
        return table.isEmpty() ? Page.of("There is no device in the record.") : Page.of(table);
    }
}
