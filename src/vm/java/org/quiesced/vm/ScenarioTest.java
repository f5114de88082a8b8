// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What all scenarios have in common. */
abstract class ScenarioTest {
    private static final String SUITE = System.getProperty("quiesced.suite", "bookworm");

    private static GuestImage image;
    private static Accelerator accelerator;

    private final String scenario;

    ScenarioTest(String scenario) {
        this.scenario = scenario;
    }

    static synchronized GuestImage image() throws IOException, InterruptedException {
        if (image == null) {
            image = GuestImage.of(SUITE);
            accelerator = Accelerator.of(image);
            System.out.println(
                    "Guest: Debian " + SUITE + ", Linux " + image.kernelRelease() + ", by " + accelerator.name());
        }
        return image;
    }

    /** Returns where a file of this scenario is kept. */
    Path file(String name) {
        return Path.of("target/vm", scenario, name);
    }

    /** Boots once; the console and the trace are kept in {@code target/vm/SCENARIO/STEP}. */
    Boot boot(String step, List<Drive> drives, Payload payload) throws IOException, InterruptedException {
        GuestImage guest = image();
        return new Guest(guest, accelerator, file(step), drives).boot(payload, line -> {});
    }

    /** Returns a drive for the root file system, fresh from the image, that we do not know. */
    Drive freshRoot(String step) throws IOException, InterruptedException {
        return Drive.of("root", Drive.Kind.VIRTIO, Guest.newRoot(image(), file(step + "/root.qcow2")));
    }

    /** Prints a figure for the record; tests assert only ratios within one run. */
    void report(String format, Object... values) {
        System.out.println(scenario + ": " + String.format(Locale.ROOT, format, values));
    }
}
