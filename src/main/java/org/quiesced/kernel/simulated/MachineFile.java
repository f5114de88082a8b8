// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quiesced.device.DeviceLink;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.HolderKind;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of a machine.
 *
 * @param format {@link #FORMAT}
 * @param name the machine's name
 * @param kernel the release of its kernel
 * @param devices its devices, in the order of discovery
 * @param links the links between them
 * @param uses descriptions of the users of disks and partitions, by the path of the disk or partition
 * @param released when a user releases it at shutdown, by the same path: {@code early}, {@code late} or {@code exitrd};
 *     absent for a user that never does
 * @param stacks the holders that can be stopped between a user and the disk, by the same path
 * @param openers descriptions of the openers of device nodes without a claim, by the path of the device
 * @param latencies the shutdown times of devices, in seconds, by path
 * @param parameters the parameters of its kernel's modules, as {@code MODULE.NAME}
 */
public record MachineFile(
        String format,
        String name,
        String kernel,
        List<Entry> devices,
        List<DeviceLink> links,
        Map<String, String> uses,
        Map<String, String> released,
        Map<String, Held> stacks,
        Map<String, String> openers,
        Map<String, Double> latencies,
        Map<String, String> parameters) {

    /** The format that this version writes and reads. */
    public static final String FORMAT = "quiesced-machine-1";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.NON_EMPTY))
            .build();

    /** Copies the collections; absent ones are empty. */
    public MachineFile {
        devices = devices == null ? List.of() : devices;
        links = links == null ? List.of() : links;
        uses = uses == null ? Map.of() : new TreeMap<>(uses);
        released = released == null ? Map.of() : new TreeMap<>(released);
        stacks = stacks == null ? Map.of() : new TreeMap<>(stacks);
        openers = openers == null ? Map.of() : new TreeMap<>(openers);
        latencies = latencies == null ? Map.of() : new TreeMap<>(latencies);
        parameters = parameters == null ? Map.of() : new TreeMap<>(parameters);
    }

    /**
     * The holders on a disk.
     *
     * @param kinds their kinds, in the words of the configuration's key {@code release}
     * @param pools the names of the ZFS pools among them
     * @param released when the disk is released if all of them are stopped, as in {@code released}
     */
    public record Held(List<String> kinds, List<String> pools, Optional<String> released) {
        /** Copies the lists; absent ones are empty. */
        public Held {
            kinds = kinds == null ? List.of() : kinds;
            pools = pools == null ? List.of() : pools;
        }
    }

    /**
     * One device.
     *
     * @param bus its bus, if it has one
     * @param className its class, if it has one
     */
    public record Entry(
            String path,
            Optional<String> bus,
            Optional<String> className,
            Optional<String> driver,
            Map<String, String> attributes) {

        /** Copies the attributes; absent components are empty. */
        public Entry {
            attributes = attributes == null ? Map.of() : new TreeMap<>(attributes);
        }
    }

    /** Converts a machine, without its faults. */
    public static MachineFile of(Machine machine) {
        Map<String, Double> latencies = new HashMap<>();
        machine.latencies().forEach((path, latency) -> latencies.put(path, latency.toNanos() / 1e9));
        Map<String, String> uses = new HashMap<>();
        Map<String, String> released = new HashMap<>();
        Map<String, Held> stacks = new HashMap<>();
        machine.uses().forEach((path, user) -> {
            uses.put(path, user.describe());
            word(user.release()).ifPresent(word -> released.put(path, word));
            user.stack()
                    .ifPresent(stack -> stacks.put(
                            path,
                            new Held(
                                    stack.kinds().stream()
                                            .map(HolderKind::word)
                                            .sorted()
                                            .toList(),
                                    stack.pools().stream().sorted().toList(),
                                    word(stack.release()))));
        });
        return new MachineFile(
                FORMAT,
                machine.name(),
                machine.kernelRelease(),
                machine.tree().devices().stream()
                        .map(device -> new Entry(
                                device.path(),
                                Optional.of(device.subsystem()).filter(name -> device.onBus()),
                                Optional.of(device.subsystem()).filter(name -> !device.onBus()),
                                device.driver(),
                                device.attributes()))
                        .toList(),
                machine.tree().links(),
                uses,
                released,
                stacks,
                machine.openers(),
                latencies,
                machine.parameters());
    }

    private static Optional<String> word(DiskUser.Release release) {
        return Optional.of(release)
                .filter(known -> known != DiskUser.Release.NEVER)
                .map(known -> known.name().toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the text of the file.
     *
     * @param pretty whether to indent it
     */
    public String toJson(boolean pretty) {
        return pretty
                ? MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this)
                : MAPPER.writeValueAsString(this);
    }

    /**
     * Reads a machine from a file.
     *
     * @throws IOException if the file cannot be read or is invalid; its message is one line with the file, the problem
     *     and its place
     */
    public static Machine read(Path path) throws IOException {
        return new MachineReader(path).read();
    }
}
