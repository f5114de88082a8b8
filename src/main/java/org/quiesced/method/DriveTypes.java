// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.KnownDrivers;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.TreeAttributes;

/** A list of drive types, and operations over all of them. Immutable. */
public final class DriveTypes {
    private static final ShutdownMethod UNBIND = new UnbindMethod();

    /** The attributes of any disk that a plan needs. */
    private static final TreeAttributes PLANNED = new TreeAttributes(Map.of("block", List.of("size")));

    /** The attributes that are useful in any captured machine. */
    private static final TreeAttributes CAPTURED = new TreeAttributes(Map.of(
            "pci", List.of("class", "vendor", "device"),
            "block", List.of("hidden", "wwid", "nguid", "uuid", "eui")));

    /** The supported types. Must follow the constants that its initializer uses. */
    public static final DriveTypes SUPPORTED = new DriveTypes(Stream.concat(
                    Stream.of(
                            new NvmeDrive(),
                            new ScsiDisk(),
                            new NvmeWithoutDriver(NvmeRegisters.VFIO_DRIVER),
                            new NvmeWithoutDriver(NvmeWithoutDriver.UIO),
                            new NvmeWithoutDriver(DriverBinding.NONE)),
                    FabricsDrive.ofAllTransports())
            .toList());

    private final List<DriveType> types;
    private final KnownDrivers drivers;
    private final TreeAttributes attributes;
    private final Set<String> watchedSubsystems;

    /** Creates a list. The type of a device is the first that covers it. */
    public DriveTypes(List<DriveType> types) {
        this.types = List.copyOf(types);
        Map<String, Set<Settings.Key>> keys = new HashMap<>();
        Map<String, Settings.Method> required = new HashMap<>();
        TreeAttributes planned = PLANNED;
        Set<String> watched = new HashSet<>();
        for (DriveType type : types) {
            keys.merge(type.binding().driver(), type.keys(), DriveTypes::union);
            type.required().ifPresent(method -> required.put(type.binding().driver(), method));
            planned = planned.and(type.attributes());
            watched.addAll(type.watchedSubsystems());
        }
        this.drivers = new KnownDrivers(keys, required);
        this.attributes = planned;
        this.watchedSubsystems = Set.copyOf(watched);
    }

    private static Set<Settings.Key> union(Set<Settings.Key> some, Set<Settings.Key> others) {
        Set<Settings.Key> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    /** Returns the types, in the order of the list. */
    public List<DriveType> all() {
        return types;
    }

    /** Returns whether the type of a device needs the network. */
    public boolean needsNetwork(Device device) {
        return of(device).filter(type -> type.method().needsNetwork()).isPresent();
    }

    /** Returns the type of a device; empty if none covers it. */
    public Optional<DriveType> of(Device device) {
        for (DriveType type : types) {
            if (type.covers(device)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the method for a device: that of its type, if the settings have the method that the type requires; if it
     * has no type but a driver, {@code unbind} if the settings request it. The method of a type cannot be replaced by
     * {@code unbind}, because it knows what the driver does when it is unbound, and from which devices the driver must
     * not be unbound. For such a driver {@code unbind} only disables the flush.
     */
    public Optional<ShutdownMethod> methodFor(Device device, Settings settings) {
        Optional<DriveType> type = of(device).filter(found -> isChosen(found, settings));
        if (type.isPresent()) {
            return Optional.of(type.get().method());
        }
        return settings.asksToUnbind() && device.driver().isPresent() ? Optional.of(UNBIND) : Optional.empty();
    }

    /** Returns the types that need no method in the configuration, or whose method the configuration sets. */
    public DriveTypes askedFor(Config config) {
        return new DriveTypes(types.stream()
                .filter(type -> isChosen(type, config.settingsFor(type.binding().driver(), List.of())))
                .toList());
    }

    private static boolean isChosen(DriveType type, Settings settings) {
        return type.required()
                .map(method -> settings.method().equals(Optional.of(method)))
                .orElse(true);
    }

    /**
     * Returns whether the settings have the method that the device's type requires. This opts the device in: the kernel
     * does nothing for it, so leaving it to the kernel, or waiting for others, gains nothing.
     */
    public boolean isOptedInByMethod(Device device, Settings settings) {
        return of(device)
                .filter(type -> type.required().isPresent() && isChosen(type, settings))
                .isPresent();
    }

    /**
     * Returns the value of the key {@code method} without which a device is not shut down; empty if none is missing.
     *
     * @param settings its settings
     */
    public Optional<Settings.Method> missingMethod(Device device, Settings settings) {
        return of(device).filter(type -> !isChosen(type, settings)).flatMap(DriveType::required);
    }

    /**
     * Returns whether a device is a drive, the unit in which shutdowns are counted: one of a type, or another device
     * whose own driver has created a disk.
     *
     * @param storage the tree of the device
     */
    public boolean isDrive(Device device, Storage storage) {
        return of(device).isPresent() || storage.hasMadeDisk(device);
    }

    /**
     * Returns the familiar name of a drive, for example {@code nvme0} or {@code sda}; empty if the device is not a
     * drive.
     *
     * @param storage the tree of the device
     */
    public Optional<String> alias(Device device, Storage storage) {
        Optional<String> labelClass = of(device)
                .map(DriveType::labelClass)
                .or(() -> storage.hasMadeDisk(device) ? Optional.of("block") : Optional.empty());
        return labelClass.flatMap(name -> storage.firstBelow(device, name)).map(Device::name);
    }

    /**
     * Returns the identity of a device; empty if it is not a drive of one of the types, or shows no serial number.
     *
     * @param storage the tree of the device, which need not contain serial numbers
     * @param attributes the present system's attributes
     */
    public Optional<DriveIdentity> identity(Device device, Storage storage, Attributes attributes) {
        return of(device).flatMap(type -> type.identity(device, storage, attributes));
    }

    /** Returns the drivers for the validation of the configuration. */
    public KnownDrivers drivers() {
        return drivers;
    }

    /** Returns the attributes that a plan needs. */
    public TreeAttributes attributes() {
        return attributes;
    }

    /** Returns the attributes that a plan needs, and those that are useful in a captured machine. */
    public TreeAttributes capturedAttributes() {
        TreeAttributes all = attributes.and(CAPTURED);
        for (DriveType type : types) {
            all = all.and(type.capturedAttributes());
        }
        return all;
    }

    /** Returns the buses and classes whose devices require a new plan when they change, besides {@code block}. */
    public Set<String> watchedSubsystems() {
        return watchedSubsystems;
    }
}
