// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.linux.PseudoFile;

/** Attributes as files of sysfs, except for the owner of a controller. */
final class SysfsAttributes implements Attributes {
    private final Path sys;
    private final NvmeRegistry registry;

    SysfsAttributes(Path sys) {
        this.sys = sys;
        this.registry = NvmeRegistry.beside(sys);
    }

    @Override
    public Optional<String> read(Device device, String name) {
        return read(device.path(), name);
    }

    /** Returns an attribute of the device at a path, as {@link #read(Device, String)} does. */
    Optional<String> read(String path, String name) {
        return NvmeRegistry.answers(name)
                ? registry.ownerOf(path.substring(path.lastIndexOf('/') + 1))
                : PseudoFile.read(sys + path + "/" + name);
    }

    @Override
    public List<String> writable(Device device) throws IOException {
        List<String> writable = new ArrayList<>();
        for (String name : PseudoFile.list(sys + device.path())) {
            try {
                PosixFileAttributes facts = Files.readAttributes(
                        Path.of(sys + device.path(), name), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (facts.isRegularFile() && facts.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
                    writable.add(name);
                }
            } catch (NoSuchFileException e) {
                // The attribute has vanished.
                continue;
            }
        }
        return writable;
    }

    @Override
    public void write(Device device, String name, String value) throws IOException {
        PseudoFile.write(sys + device.path() + "/" + name, value);
    }
}
