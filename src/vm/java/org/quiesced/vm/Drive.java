// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A drive of the guest.
 *
 * @param id QEMU's name for it, and its serial number
 * @param kind how it is attached
 * @param file the file with its content; without a file, writes are discarded and reads return zeros
 */
public record Drive(String id, Kind kind, Optional<Path> file) {
    /** How a drive is attached. */
    public enum Kind {
        /** A separate NVMe controller, in a separate PCIe slot. */
        NVME,
        /** One disk on two NVMe controllers of one subsystem: native multipath. */
        NVME_MULTIPATH,
        /** An NVMe controller with two namespaces, the second of which is not attached to it at first. */
        NVME_DETACHED,
        /** An NVMe controller with four namespaces. */
        NVME_NAMESPACES,
        /** A SATA disk on the machine's own AHCI controller, which has six ports. */
        SATA,
        /** A virtio disk, for which quiesced has no method. */
        VIRTIO
    }

    /** A backend that discards writes and returns zeros; the drive's name is to be appended. */
    private static final String NOTHING = "driver=null-co,size=1G,read-zeroes=on,if=none,id=b-";

    /**
     * Flushes by the guest wait for nothing on the host, because a busy disk of the host would block the guest's
     * writers for seconds. Programs of the host read what the guest has written nevertheless.
     */
    private static final String CACHED = ",cache=unsafe";

    private static final int SATA_PORTS = 6;
    private static final int NAMESPACES = 4;

    /** Returns a SATA disk without content. */
    public static Drive sata(String id) {
        return new Drive(id, Kind.SATA, Optional.empty());
    }

    /** Returns an NVMe drive without content. */
    public static Drive nvme(String id) {
        return new Drive(id, Kind.NVME, Optional.empty());
    }

    /** Returns a drive with the content of a file, which is {@code qcow2} if its name ends with that, else raw. */
    public static Drive of(String id, Kind kind, Path file) {
        return new Drive(id, kind, Optional.of(file));
    }

    /**
     * Returns QEMU's options.
     *
     * @param slot the first of two consecutive numbers that no other drive of the guest has
     */
    List<String> options(int slot) {
        String backend = file.map(path -> "file=" + path + ",format=" + format(path) + CACHED + ",if=none,id=b-" + id)
                .orElse(NOTHING + id);
        return switch (kind) {
            case NVME ->
                List.of(
                        "-drive",
                        backend,
                        "-device",
                        port(slot),
                        "-device",
                        "nvme,drive=b-" + id + ",serial=" + id + ",bus=port" + slot);
            case NVME_MULTIPATH ->
                List.of(
                        "-drive", backend,
                        "-device", subsystem(),
                        "-device", port(slot),
                        "-device", controller("a", slot),
                        "-device", port(slot + 1),
                        "-device", controller("b", slot + 1),
                        "-device", "nvme-ns,drive=b-" + id + ",bus=" + id + "-a,nsid=1,shared=on");
            case NVME_DETACHED ->
                List.of(
                        "-drive",
                        backend,
                        "-drive",
                        NOTHING + id + "-later",
                        "-device",
                        subsystem(),
                        "-device",
                        port(slot),
                        "-device",
                        controller("a", slot),
                        "-device",
                        "nvme-ns,drive=b-" + id + ",bus=" + id + "-a,nsid=1",
                        "-device",
                        "nvme-ns,drive=b-" + id + "-later,bus=" + id + "-a,nsid=2,detached=on");
            case NVME_NAMESPACES -> {
                List<String> options = new ArrayList<>(List.of(
                        "-device", port(slot), "-device", "nvme,id=" + id + ",serial=" + id + ",bus=port" + slot));
                for (int namespace = 1; namespace <= NAMESPACES; namespace++) {
                    String name = id + "-" + namespace;
                    options.addAll(List.of(
                            "-drive",
                            NOTHING + name,
                            "-device",
                            "nvme-ns,drive=b-" + name + ",bus=" + id + ",nsid=" + namespace));
                }
                yield options;
            }
            case SATA ->
                List.of(
                        "-drive",
                        backend,
                        "-device",
                        "ide-hd,drive=b-" + id + ",serial=" + id + ",bus=ide." + slot / 2 % SATA_PORTS);
            case VIRTIO -> List.of("-drive", backend, "-device", "virtio-blk-pci,drive=b-" + id + ",serial=" + id);
        };
    }

    static String format(Path file) {
        return file.toString().endsWith(".qcow2") ? "qcow2" : "raw";
    }

    private String subsystem() {
        return "nvme-subsys,id=s-" + id + ",nqn=" + id;
    }

    private String controller(String name, int slot) {
        return "nvme,id=" + id + "-" + name + ",serial=" + id + ",subsys=s-" + id + ",bus=port" + slot;
    }

    private static String port(int slot) {
        return "pcie-root-port,id=port" + slot + ",chassis=" + slot + ",slot=" + slot;
    }
}
