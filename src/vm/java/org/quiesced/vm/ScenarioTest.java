// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Base class of all scenarios. */
abstract class ScenarioTest {
    private static GuestImage image;
    private static Accelerator accelerator;
    private static Installed installed;

    private final String scenario;

    ScenarioTest(String scenario) {
        this.scenario = scenario;
    }

    static synchronized GuestImage image() throws IOException, InterruptedException {
        if (image == null) {
            image = GuestImage.of(Asked.SUITE, Asked.KERNEL);
            accelerator = Accelerator.of(image);
            System.out.println(
                    "Guest: Debian " + Asked.SUITE + ", Linux " + image.kernelRelease() + ", by " + accelerator.name());
        }
        return image;
    }

    /** Returns the path of a file of this scenario. */
    Path file(String name) {
        return Path.of("target/vm", scenario, name);
    }

    /**
     * Boots a guest once. The console and the trace are kept in {@code target/vm/SCENARIO/STEP}.
     *
     * @param options additional options of QEMU, which come before those of the drives
     */
    Boot boot(String step, List<Drive> drives, Payload payload, String... options)
            throws IOException, InterruptedException {
        return boot(step, drives, payload, new Guest.Make(List.of(options), List.of(), 0));
    }

    /** Boots a guest that differs from the usual guest once. The console and the trace are kept in the same place. */
    Boot boot(String step, List<Drive> drives, Payload payload, Guest.Make make)
            throws IOException, InterruptedException {
        GuestImage guest = image();
        for (String module : needs().map(Needs::modules).orElse(new String[0])) {
            if (!guest.hasModule(module)) {
                throw new IOException("this needs the module " + module + ", which the guest's kernel has not");
            }
        }
        Accelerator suited = accelerator.withCpus(needs().map(Needs::cpus).orElse(0));
        return new Guest(guest, suited, file(step), drives, make).boot(payload, line -> {});
    }

    private Optional<Needs> needs() {
        return Optional.ofNullable(getClass().getAnnotation(Needs.class));
    }

    /** Returns the NVMe drives without content that the scenario needs. */
    List<Drive> dataDrives() {
        return dataDrives(needs().map(Needs::drives).orElse(0));
    }

    /** Returns NVMe drives without content, {@code data0} and so on. */
    static List<Drive> dataDrives(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Drive.nvme("data" + number))
                .toList();
    }

    /** Returns NVMe drives, {@code data0} and so on, whose content is kept from boot to boot. */
    List<Drive> keptDrives(int count, int megabytes) throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drives.add(Drive.of("data" + i, Drive.Kind.NVME, Guest.newDisk(file("data" + i + ".img"), megabytes)));
        }
        return drives;
    }

    /** Returns an NVMe drive whose root file system has the package installed, and others without content. */
    List<Drive> nvmeRootAndData(String step, int count) throws IOException, InterruptedException {
        return nvmeRootAndData(installed().root(), step, count);
    }

    /** Returns an NVMe drive with the content of another root file system, and others without content. */
    List<Drive> nvmeRootAndData(Path backing, String step, int count) throws IOException, InterruptedException {
        Path root = Guest.newRoot(backing, file(step + "/root.qcow2"));
        return Stream.concat(Stream.of(Drive.of("root", Drive.Kind.NVME, root)), dataDrives(count).stream())
                .toList();
    }

    /** Returns the drives of a guest: its root, and those that the scenario needs. */
    List<Drive> dataDrivesAfter(Drive root) {
        return Stream.concat(Stream.of(root), dataDrives().stream()).toList();
    }

    /** Returns the guest with the package, which is installed once for all scenarios. */
    static synchronized Installed installed() throws IOException, InterruptedException {
        if (installed == null) {
            GuestImage guest = image();
            installed = Installed.in(guest, accelerator, Path.of("target/vm/install"));
        }
        return installed;
    }

    /** Returns a virtio drive, for which quiesced has no method, with a stock root file system. */
    Drive stockRoot(String step) throws IOException, InterruptedException {
        return Drive.of("root", Drive.Kind.VIRTIO, Guest.newRoot(image().root(), file(step + "/root.qcow2")));
    }

    /** Returns a virtio drive whose root file system has the package installed. */
    Drive installedRoot(String step) throws IOException, InterruptedException {
        return Drive.of("root", Drive.Kind.VIRTIO, Guest.newRoot(installed().root(), file(step + "/root.qcow2")));
    }

    /**
     * Asserts that a line of the kernel's log has a match of a pattern. The message of a failure has the last lines by
     * quiesced and the scenario.
     */
    static void assertSays(Boot boot, String pattern) {
        assertThat(boot.says(pattern))
                .as(() -> "'%s' is said; what was said at the end:%n%s".formatted(pattern, boot.lastWords()))
                .isTrue();
    }

    /** Computes checksums of files of the root file system before the end, for {@link #assertRootIsClean}. */
    static final String SUM_ROOT = "sha256sum /usr/bin/* >/root/sums 2>/dev/null\n";

    /**
     * Boots once more, and asserts that the root file system has the checksums of {@link #SUM_ROOT} and needs no
     * repair.
     *
     * @param signs patterns of the kernel's log that indicate a repair, besides that of the file system's journal
     */
    void assertRootIsClean(String step, List<Drive> drives, String... signs) throws IOException, InterruptedException {
        String patterns = Stream.concat(Stream.of("EXT4-fs.*recovery"), Stream.of(signs))
                .map(sign -> "-e '" + sign + "'")
                .collect(Collectors.joining(" "));
        Boot again = boot(
                step,
                drives,
                Payload.stock(Scripts.WATCH
                        + "dmesg | grep -q " + patterns + " || echo 'scenario: root was clean' >/dev/kmsg\n"
                        + "sha256sum -c --quiet /root/sums && echo 'scenario: checksums match' >/dev/kmsg\n"
                        + Scripts.end("poweroff")));
        assertSays(again, "scenario: root was clean");
        assertSays(again, "scenario: checksums match");
    }

    /** Asserts that the periods are parallel: each begins before the first end. */
    static void assertParallel(Map<String, Boot.Span> spans) {
        assertThat(spans)
                .allSatisfy((name, span) ->
                        assertThat(span.to()).as("the end of %s", name).isNotNaN());
        double firstEnd =
                spans.values().stream().mapToDouble(Boot.Span::to).min().orElseThrow();
        assertThat(spans)
                .allSatisfy((name, span) -> assertThat(span.from())
                        .as("%s begins before the first is complete", name)
                        .isLessThan(firstEnd));
    }

    /**
     * Asserts that quiesced shut down NVMe drives in parallel, with one notification each, and that the kernel's own
     * walk shut down none.
     */
    static void assertAllWentDownAtOnce(Boot boot, int count) {
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(count);
        assertParallel(ours);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(count);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();
    }

    /** Downloads packages of the host's own release. Returns them by their path in the guest, in {@code /root/debs}. */
    Map<String, Path> packages(String step, String names) throws IOException, InterruptedException {
        Path debs = file(step + "/debs").toAbsolutePath();
        Files.createDirectories(debs);
        Commands.run(file(step + "/debs.log"), List.of("sh", "-c", "cd " + debs + " && apt-get download " + names));
        try (Stream<Path> downloaded = Files.list(debs)) {
            return downloaded.collect(Collectors.toMap(deb -> "/root/debs/" + deb.getFileName(), deb -> deb));
        }
    }

    /** Asserts that each period ends before the next begins. */
    static void assertSerial(Map<String, Boot.Span> spans) {
        List<Boot.Span> inOrder = List.copyOf(spans.values());
        for (int i = 1; i < inOrder.size(); i++) {
            assertThat(inOrder.get(i).from())
                    .isGreaterThanOrEqualTo(inOrder.get(i - 1).to());
        }
    }

    /**
     * Prints a figure. Tests assert only order, counts and content, because on a busy host any time and any ratio of
     * times may be wrong.
     */
    void report(String format, Object... values) {
        System.out.println(scenario + ": " + String.format(Locale.ROOT, format, values));
    }
}
