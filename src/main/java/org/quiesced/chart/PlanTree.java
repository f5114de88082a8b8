// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.List;
import java.util.Optional;
import org.quiesced.history.RecordText;
import org.quiesced.report.Column;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Page;
import org.quiesced.report.PhaseType;
import org.quiesced.report.PlanJson;
import org.quiesced.report.ReasonJson;
import org.quiesced.report.Table;

/**
 * The tree of a plan's devices.
 *
 * @param devices the roots
 */
public record PlanTree(List<Node> devices) {
    /**
     * A device.
     *
     * @param consumers the labels of the devices that need it by a device link
     * @param latency its shutdown time at the verb of the plan, in seconds; empty if unknown
     * @param reason why it has its disposition
     * @param usedNow the present users that release it during the shutdown
     * @param children the devices below it
     */
    public record Node(
            String device,
            String path,
            String label,
            String driver,
            DispositionType disposition,
            Optional<PhaseType> phase,
            Optional<Double> latency,
            List<String> consumers,
            ReasonJson reason,
            Optional<PlanJson.UsedNow> usedNow,
            List<Node> children) {
        /** Copies the lists. */
        public Node {
            consumers = List.copyOf(consumers);
            children = List.copyOf(children);
        }
    }

    /** Copies the list. */
    public PlanTree {
        devices = List.copyOf(devices);
    }

    /** Returns the tree of a graph. */
    public static PlanTree of(DeviceGraph<PlanJson.Entry> graph) {
        return new PlanTree(Forest.of(
                graph,
                (device, consumers, children) -> new Node(
                        device.device(),
                        device.path(),
                        device.label(),
                        device.driver(),
                        device.disposition(),
                        device.phase(),
                        device.latency(),
                        consumers,
                        device.reason(),
                        device.usedNow(),
                        children)));
    }

    /** Returns the tree as a table. */
    public Page page() {
        Table table = new Table(
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(2),
                Column.word("DISPOSITION"),
                Column.word("PHASE").leftOut(3),
                Column.number("TIME"),
                Column.text("CONSUMERS", 5).leftOut(1),
                Column.text("WHY", 12));
        Forest.draw(
                devices,
                Node::children,
                (branch, node) -> table.row(
                        branch + node.label(),
                        node.driver(),
                        node.disposition().word(),
                        node.phase().map(PhaseType::word).orElse("-"),
                        node.latency().map(RecordText::seconds).orElse("-"),
                        Forest.cell(node.consumers()),
                        PlanJson.why(node.disposition(), node.reason(), node.usedNow(), node.phase())));
        return table.isEmpty() ? Page.of("There is no device that quiesced has a method for.") : Page.of(table);
    }
}
