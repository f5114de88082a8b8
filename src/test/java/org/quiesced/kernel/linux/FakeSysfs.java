// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A directory that looks like {@code /sys}. */
public final class FakeSysfs {
    private final Path sys;

    /** Creates the tree in an empty directory. */
    public FakeSysfs(Path sys) throws IOException {
        this.sys = sys;
        Files.createDirectories(sys.resolve("bus"));
        Files.createDirectories(sys.resolve("class"));
    }

    /** Adds a device on a bus. An empty driver means none. */
    public FakeSysfs onBus(String path, String bus, String driver, Map<String, String> attributes) throws IOException {
        Path directory = device(path, attributes);
        Path entry = sys.resolve("bus/" + bus + "/devices/" + directory.getFileName());
        Files.createDirectories(entry.getParent());
        Files.createSymbolicLink(entry, Path.of("../../.." + path));
        if (!driver.isEmpty()) {
            Path driverDirectory = sys.resolve("bus/" + bus + "/drivers/" + driver);
            Files.createDirectories(driverDirectory);
            Files.createSymbolicLink(directory.resolve("driver"), directory.relativize(driverDirectory));
        }
        Files.createSymbolicLink(directory.resolve("subsystem"), directory.relativize(sys.resolve("bus/" + bus)));
        return this;
    }

    /** Adds a device of a class. */
    public FakeSysfs inClass(String path, String className, Map<String, String> attributes) throws IOException {
        Path directory = device(path, attributes);
        Path entry = sys.resolve("class/" + className + "/" + directory.getFileName());
        Files.createDirectories(entry.getParent());
        Files.createSymbolicLink(entry, Path.of("../.." + path));
        Files.createSymbolicLink(
                directory.resolve("subsystem"), directory.relativize(sys.resolve("class/" + className)));
        return this;
    }

    /** Makes a PCI device a virtual function of another. */
    public FakeSysfs virtualFunction(String path, String physical) throws IOException {
        Path directory = sys.resolve("." + path).normalize();
        Files.createSymbolicLink(
                directory.resolve("physfn"),
                directory.relativize(sys.resolve("." + physical).normalize()));
        return this;
    }

    /** Adds a device link. */
    public FakeSysfs link(String supplier, String consumer, String syncStateOnly, String status) throws IOException {
        String name = "x:" + Path.of(supplier).getFileName() + "--x:"
                + Path.of(consumer).getFileName();
        String path = "/devices/virtual/devlink/" + name;
        inClass(path, "devlink", Map.of("sync_state_only", syncStateOnly, "status", status));
        Files.createSymbolicLink(sys.resolve("." + path + "/supplier"), Path.of("../../.." + supplier.substring(8)));
        Files.createSymbolicLink(sys.resolve("." + path + "/consumer"), Path.of("../../.." + consumer.substring(8)));
        return this;
    }

    private Path device(String path, Map<String, String> attributes) throws IOException {
        Path directory = sys.resolve("." + path).normalize();
        Files.createDirectories(directory);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            Files.writeString(directory.resolve(attribute.getKey()), attribute.getValue() + "\n");
        }
        return directory;
    }
}
