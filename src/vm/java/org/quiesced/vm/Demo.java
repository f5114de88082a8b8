// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.quiesced.report.Comparison;
import org.quiesced.report.Comparison.Span;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code packaging/demo}: reboots a machine twice, stock and with quiesced, and compares. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Reboot a virtual machine with slow NVMe drives twice, stock and with quiesced, and compare.")
public final class Demo implements Callable<Integer> {
    private static final Path RESULT = Path.of("target/demo/result.json");

    @Option(names = "--simulated", description = "Use a simulated machine; needs neither root nor a virtual machine.")
    private boolean simulated;

    @Parameters(
            arity = "0..1",
            paramLabel = "MACHINE",
            defaultValue = "nvme-24",
            description = "The simulated machine: nvme-24, sas-60, cloud-2, nvme-150, or a captured file.")
    private String machine;

    @Mixin
    private SlowMachine slow = new SlowMachine();

    private Demo() {}

    /** Runs the demonstration. */
    public static void main(String[] arguments) {
        SlowMachine.execute("demo", new Demo(), arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        slow.check(1);
        DemoResult result = simulated ? SimulatedDemo.run(machine) : inVirtualMachine();
        Files.createDirectories(RESULT.getParent());
        Files.writeString(RESULT, result.toJson());
        System.out.println();
        result.comparison().text().forEach(System.out::println);
        System.out.println();
        result.remarks().forEach(System.out::println);
        System.out.println(result.comparison().summary());
        System.out.println("Details: " + RESULT);
        return 0;
    }

    private DemoResult inVirtualMachine() throws IOException, InterruptedException {
        GuestImage image = GuestImage.of(slow.suite());
        Accelerator accelerator = Accelerator.of(image);
        System.out.printf(
                "Guest: Debian %s, Linux %s, %d NVMe drives of %.1f s each, by %s. Three boots of about a minute each.%n",
                slow.suite(), image.kernelRelease(), slow.drives(), slow.delay() / 1e3, accelerator.name());
        String script = Scripts.WATCH + Scripts.slowNvme(slow.delay()) + Scripts.end("reboot");
        Boot stock = boot(image, accelerator, "stock", image.root(), Payload.stock(script));
        System.out.println("Installing the package in the guest.");
        Installed installed = Installed.in(image, accelerator, Path.of("target/demo/install"));
        Boot quiesced = boot(image, accelerator, "quiesced", installed.root(), Payload.quiesced(script));
        return new DemoResult(
                new Comparison(spans(stock, "kernel"), spans(quiesced, "parallel")),
                List.of(
                        "Times are in seconds from the first drive's shutdown notification to the last one's completion.",
                        String.format(
                                "From the command to restart to the machine's restart: stock %.1f s, quiesced %.1f s.",
                                untilRestart(stock), untilRestart(quiesced))),
                untilRestart(stock),
                untilRestart(quiesced));
    }

    private Boot boot(GuestImage image, Accelerator accelerator, String name, Path root, Payload payload)
            throws IOException, InterruptedException {
        Path work = Path.of("target/demo", name);
        try (DemoProgress progress = new DemoProgress(name)) {
            Boot boot = slow.guest(image, accelerator, root, work).boot(payload, progress::line);
            if (boot.nvmeShutdowns().size() != slow.drives()) {
                throw new IOException("not all drives were seen to shut down; see " + work.resolve("console.log"));
            }
            return boot;
        }
    }

    private static List<Span> spans(Boot boot, String disposition) {
        Map<String, Boot.Span> shutdowns = boot.nvmeShutdowns();
        double first =
                shutdowns.values().stream().mapToDouble(Boot.Span::from).min().orElseThrow();
        return shutdowns.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Span(
                        entry.getKey(),
                        "nvme",
                        boot.walkedBy("nvme").contains(entry.getKey()) ? "kernel" : disposition,
                        entry.getValue().from() - first,
                        entry.getValue().to() - first))
                .toList();
    }

    private static double untilRestart(Boot boot) {
        return boot.toRestartFrom("scenario: reboot is asked for");
    }
}
