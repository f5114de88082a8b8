// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/** Attributes as files of sysfs. */
final class SysfsAttributes implements Attributes {
    private final Path sys;

    SysfsAttributes(Path sys) {
        this.sys = sys;
    }

    @Override
    public Optional<String> read(Device device, String name) {
        return SysfsFile.read(sys + device.path() + "/" + name);
    }

    @Override
    public List<String> writable(Device device) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(sys + device.path()))) {
            for (Path file : files) {
                PosixFileAttributes facts =
                        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (facts.isRegularFile() && facts.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
                    names.add(file.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What has vanished meanwhile has no attributes.
            return names;
        }
        return names;
    }

    @Override
    public void write(Device device, String name, String value) throws IOException {
        SysfsFile.write(sys + device.path() + "/" + name, value);
    }
}
