// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.quiesced.config.TreeReader;
import org.quiesced.method.DriveIdentity;
import org.quiesced.plan.ExpectedTimes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the expected times of drives that {@code quiesced-history.service} writes at boot. A file that is missing, too
 * large, of another format or damaged contains no times. Thread-safe.
 */
public final class ExpectedTimesFile implements Supplier<ExpectedTimes> {
    /** The format that this version writes and reads. */
    public static final String FORMAT = "quiesced-expected-1";

    /** The file name in the runtime directory. */
    public static final String NAME = "expected.json";

    private static final long LARGEST = 1 << 20;

    private final Path path;
    private volatile Version read = new Version("", ExpectedTimes.NONE);

    /** The contents of one version of the file. */
    private record Version(String stamp, ExpectedTimes times) {}

    /** Creates a reader of the file in the runtime directory. */
    public ExpectedTimesFile(Path directory) {
        this.path = directory.resolve(NAME);
    }

    /** Returns the present contents of the file, which is read only if it has changed. */
    @Override
    public ExpectedTimes get() {
        try {
            // Replacing the file changes its modification time.
            String stamp = Files.getLastModifiedTime(path) + " " + Files.size(path);
            Version last = read;
            if (!stamp.equals(last.stamp())) {
                last = new Version(stamp, Files.size(path) > LARGEST ? ExpectedTimes.NONE : parse());
                read = last;
            }
            return last.times();
        } catch (IOException e) {
            return ExpectedTimes.NONE;
        }
    }

    private ExpectedTimes parse() throws IOException {
        try {
            JsonNode root = TreeReader.json(Files.readAllBytes(path));
            if (!text(root, "format").equals(Optional.of(FORMAT))) {
                return ExpectedTimes.NONE;
            }
            Map<DriveIdentity, Double> drives = new HashMap<>();
            for (JsonNode drive : root.path("drives")) {
                Optional<DriveIdentity> identity = text(drive, "model")
                        .flatMap(model -> text(drive, "serial").map(serial -> new DriveIdentity(model, serial)));
                identity.ifPresent(known -> seconds(drive).ifPresent(time -> drives.put(known, time)));
            }
            Map<String, Double> models = new HashMap<>();
            for (JsonNode one : root.path("models")) {
                text(one, "model").ifPresent(model -> seconds(one).ifPresent(time -> models.put(model, time)));
            }
            return new ExpectedTimes(drives, models);
        } catch (JacksonException e) {
            return ExpectedTimes.NONE;
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field)).filter(JsonNode::isString).map(JsonNode::asString);
    }

    private static Optional<Double> seconds(JsonNode node) {
        return Optional.of(node.path("seconds")).filter(JsonNode::isNumber).map(JsonNode::asDouble);
    }
}
