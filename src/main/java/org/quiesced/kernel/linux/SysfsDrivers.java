// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;

/**
 * Drivers by sysfs: a link from each device, and a file {@code unbind} of each driver.
 *
 * <p>A PCI device without a driver whose {@code power/control} is {@code auto} is suspended, and loses its power with
 * the port above it. The kernel's walk would power up one such device after the other ({@code pci_device_remove},
 * {@code pci_pm_runtime_suspend} and {@code pci_device_shutdown} in {@code drivers/pci/pci-driver.c}). So the attribute
 * is set to {@code on} before the driver is unbound, and to its former value when it is bound again.
 */
final class SysfsDrivers implements Drivers {
    private static final String CONSUMER = "consumer:";

    /**
     * The directory of the devices that represent device links; it exists while there is one. Such a device is added
     * before its supplier's directory contains it, and removed after that ({@code device_link_add}, {@code
     * devlink_add_symlinks} and {@code get_device_parent} in {@code drivers/base/core.c}).
     */
    private static final String LINKS = "/devices/virtual/devlink";

    private static final String PCI = "pci";

    private final Path sys;
    /** The paths of the devices that were not to be suspended while they have no driver. */
    private final Set<String> keptOn = ConcurrentHashMap.newKeySet();

    SysfsDrivers(Path sys) {
        this.sys = sys;
    }

    @Override
    public Optional<String> present(Device device) {
        try {
            Path driver = Files.readSymbolicLink(Path.of(sys + device.path() + "/driver"));
            return Optional.of(driver.getFileName().toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void unbind(Device device) throws IOException {
        keepOn(device);
        // The kernel compares the whole text with the device's name. It refuses a device that has another driver or
        // none, with ENODEV; while a driver is being unbound the device still has it, and the kernel waits for the
        // device's lock (drivers/base/bus.c, unbind_store).
        try {
            tell(device, "unbind");
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENODEV) {
                throw e;
            }
            Optional<String> other = present(device).filter(driver -> !isBound(device));
            if (other.isPresent()) {
                throw new OtherDriverException(device, other.get());
            }
        }
    }

    @Override
    public void awaitUnbound(Device device) throws IOException {
        // A module is removed only after its drivers have left all devices.
        if (Files.isDirectory(driver(device))) {
            unbind(device);
        }
    }

    private Path driver(Device device) {
        return Path.of(sys + "/bus/" + device.subsystem() + "/drivers/"
                + device.driver().orElseThrow());
    }

    @Override
    public void bind(Device device) throws IOException {
        tell(device, "bind");
        if (keptOn.remove(device.path())) {
            setPowerControl(device, "auto");
        }
    }

    private void keepOn(Device device) throws IOException {
        if (device.subsystem().equals(PCI)
                && PseudoFile.read(powerControl(device)).equals(Optional.of("auto"))) {
            setPowerControl(device, "on");
            keptOn.add(device.path());
        }
    }

    private void setPowerControl(Device device, String value) throws IOException {
        PseudoFile.write(powerControl(device), value);
    }

    private String powerControl(Device device) {
        return sys + device.path() + "/power/control";
    }

    private void tell(Device device, String attribute) throws IOException {
        try (NativeFile file = NativeFile.openForWriting(driver(device) + "/" + attribute)) {
            file.write(device.name());
        }
    }

    @Override
    public List<String> boundDependents(Device device, DeviceTree below) throws IOException {
        List<String> bound = new ArrayList<>();
        // Checked first because few machines have device links, and a PCI device's directory has some fifty entries.
        if (!PseudoFile.isGone(sys + LINKS)) {
            bound.addAll(boundConsumers(sys + device.path()));
        }
        below.devices().stream()
                .filter(each -> !each.equals(device)
                        && each.driver().isPresent()
                        && present(each).isPresent())
                .map(Device::name)
                .forEach(bound::add);
        return bound;
    }

    /**
     * Returns the consumers of a device that have a driver. A supplier's directory has a link to each of its device
     * links ({@code devlink_add_symlinks} in {@code core.c}).
     */
    private static List<String> boundConsumers(String directory) throws IOException {
        List<String> bound = new ArrayList<>();
        for (String name : PseudoFile.list(directory)) {
            if (name.startsWith(CONSUMER)) {
                String link = directory + "/" + name;
                Optional<String> consumer = PseudoFile.link(link + "/consumer");
                boolean orders = !PseudoFile.read(link + "/sync_state_only").equals(Optional.of("1"));
                if (consumer.isPresent()
                        && orders
                        && PseudoFile.link(link + "/consumer/driver").isPresent()) {
                    bound.add(consumer.get().substring(consumer.get().lastIndexOf('/') + 1));
                }
            }
        }
        return bound;
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return PseudoFile.read(sys + "/module/" + module + "/parameters/" + name);
    }
}
