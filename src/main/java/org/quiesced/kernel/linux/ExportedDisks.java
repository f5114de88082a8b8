// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.kernel.User;
import org.quiesced.kernel.User.Exporter;
import org.quiesced.linux.PseudoFile;

/**
 * Finds disks that the kernel itself has open without a claim, for another machine or for a cluster. The table lists
 * the parts of the kernel that open a block device without a holder and keep it open, and where each shows the disk:
 *
 * <table>
 *   <caption>Openers without a holder</caption>
 *   <tr><th>who</th><th>opens</th><th>shows</th></tr>
 *   <tr><td>nvmet</td><td>{@code nvmet_bdev_ns_enable} in {@code drivers/nvme/target/io-cmd-bdev.c}</td>
 *       <td>configfs {@code nvmet/subsystems/NQN/namespaces/N/device_path}, where {@code enable} is 1</td></tr>
 *   <tr><td>nvmet, whole controllers</td><td>{@code nvmet_passthru_ctrl_enable} in
 *       {@code drivers/nvme/target/passthru.c}</td>
 *       <td>configfs {@code nvmet/subsystems/NQN/passthru/device_path}, where {@code enable} is 1</td></tr>
 *   <tr><td>LIO, {@code fileio}</td><td>{@code fd_configure_device} in {@code drivers/target/target_core_file.c}</td>
 *       <td>configfs {@code target/core/HBA/NAME/info}, after {@code File:}</td></tr>
 *   <tr><td>LIO, others</td><td>{@code iblock} and {@code pscsi} claim disks; {@code pscsi} no tapes</td>
 *       <td>configfs {@code target/core/HBA/NAME/udev_path}, where {@code enable} is 1</td></tr>
 *   <tr><td>RNBD server</td><td>{@code process_msg_open} in {@code drivers/block/rnbd/rnbd-srv.c}</td>
 *       <td>{@code class/rnbd-server/ctl/devices/DISK}</td></tr>
 *   <tr><td>Xen's block backend</td><td>{@code xen_vbd_create} in {@code drivers/block/xen-blkback/xenbus.c}</td>
 *       <td>{@code bus/xen-backend/devices/vbd-DOMAIN-N/physical_device}, in hexadecimal</td></tr>
 *   <tr><td>USB gadgets</td><td>{@code fsg_lun_open} in {@code drivers/usb/gadget/function/storage_common.c}</td>
 *       <td>configfs {@code usb_gadget/NAME/functions/mass_storage.NAME/lun.N/file}</td></tr>
 *   <tr><td>SCST, which is not part of Linux</td><td>{@code vdisk_open_fd} in {@code
 *       scst/src/dev_handlers/scst_vdisk.c}</td>
 *       <td>{@code kernel/scst_tgt/devices/NAME/filename}, the first line</td></tr>
 *   <tr><td>OCFS2's heartbeat</td><td>{@code o2hb_region_dev_store} in {@code fs/ocfs2/cluster/heartbeat.c}</td>
 *       <td>configfs {@code cluster/NAME/heartbeat/REGION/dev}</td></tr>
 *   <tr><td>pNFS with block layout</td><td>{@code bl_open_path} in
 *       {@code fs/nfs/blocklayout/dev.c}</td><td>nowhere</td></tr>
 * </table>
 *
 * <p>File systems, swap, md, dm, bcache, DRBD, zram, pktcdvd and block2mtd open with a holder. {@link
 * LoopDevices} finds loop devices.
 */
final class ExportedDisks {
    /** Modules that need configfs, and the directory that each creates there. */
    private static final Map<String, String> IN_CONFIGFS =
            Map.of("nvmet", "nvmet", "target_core_mod", "target", "ocfs2_nodemanager", "cluster");

    private final String sys;

    ExportedDisks(String sys) {
        this.sys = sys;
    }

    /**
     * Finds exported disks.
     *
     * @param users receives the users, by the nodes of the disks
     * @throws IOException if an exported disk cannot be identified, or the exports cannot be read
     */
    void scan(HostPaths host, Map<Node, User> users) throws IOException {
        scan(host, configfs(host), users);
    }

    /** Returns configfs by the first process's path: mounts below the daemon's own sysfs are not visible there. */
    private String configfs(HostPaths host) throws IOException {
        String first = host.at("/sys/kernel/config");
        String config = names(first).isEmpty() ? sys + "/kernel/config" : first;
        for (Map.Entry<String, String> module : IN_CONFIGFS.entrySet()) {
            if (new File(sys + "/module/" + module.getKey()).exists()
                    && !new File(config + "/" + module.getValue()).exists()) {
                throw new IOException(
                        config + ": what " + module.getKey() + " has open does not show, for configfs does not");
            }
        }
        return config;
    }

    private void scan(HostPaths host, String config, Map<Node, User> users) throws IOException {
        for (String subsystem : paths(config + "/nvmet/subsystems")) {
            User user = export(Exporter.NVMET, subsystem);
            for (String namespace : paths(subsystem + "/namespaces")) {
                if (isSet(namespace + "/enable")) {
                    add(host, PseudoFile.readIfThere(namespace + "/device_path"), user, users);
                }
            }
            if (isSet(subsystem + "/passthru/enable")) {
                add(host, PseudoFile.readIfThere(subsystem + "/passthru/device_path"), user, users);
            }
        }
        for (String adapter : paths(config + "/target/core")) {
            for (String store : paths(adapter)) {
                if (isSet(store + "/enable")) {
                    Optional<String> file =
                            file(PseudoFile.readIfThere(store + "/info").orElse(""));
                    Optional<String> path = file.isPresent() ? file : PseudoFile.readIfThere(store + "/udev_path");
                    add(host, path, export(Exporter.LIO, store), users);
                }
            }
        }
        for (String gadget : paths(config + "/usb_gadget")) {
            for (String function : paths(gadget + "/functions")) {
                for (String unit : paths(function)) {
                    add(host, PseudoFile.readIfThere(unit + "/file"), export(Exporter.USB_GADGET, gadget), users);
                }
            }
        }
        for (String cluster : paths(config + "/cluster")) {
            for (String region : paths(cluster + "/heartbeat")) {
                Optional<String> disk = PseudoFile.readIfThere(region + "/dev").filter(text -> !text.isEmpty());
                add(host, disk.map(text -> "/dev/" + text), new User.Heartbeat(name(cluster)), users);
            }
        }
        for (String disk : paths(sys + "/class/rnbd-server/ctl/devices")) {
            add(host, Optional.of("/dev/" + name(disk)), new User.Export(Exporter.RNBD, Optional.empty()), users);
        }
        for (String store : paths(sys + "/kernel/scst_tgt/devices")) {
            Optional<String> file = PseudoFile.readIfThere(store + "/filename");
            add(host, file.flatMap(text -> text.lines().findFirst()), export(Exporter.SCST, store), users);
        }
        for (String backend : paths(sys + "/bus/xen-backend/devices")) {
            PseudoFile.readIfThere(backend + "/physical_device")
                    .flatMap(number -> Node.parse(true, number, 16))
                    .ifPresent(node -> users.putIfAbsent(node, export(Exporter.XEN, backend)));
        }
    }

    private static User export(Exporter by, String path) {
        return new User.Export(by, Optional.of(name(path)));
    }

    /**
     * Adds the disk at a path. A path without a node, or outside of {@code /dev}, is that of a regular file, whose file
     * system has the claim. Below {@code /dev} there are no regular files, so a missing path there may have been that
     * of any disk.
     */
    private void add(HostPaths host, Optional<String> path, User user, Map<Node, User> users) throws IOException {
        if (path.isEmpty() || path.get().isEmpty() || path.get().startsWith("(null)")) {
            return;
        }
        Optional<Node> node = host.nodeAt(path.get());
        if (node.isEmpty()) {
            node = PseudoFile.readIfThere(sys + "/class/block/" + name(path.get()) + "/dev")
                    .flatMap(number -> Node.parse(true, number, 10));
        }
        if (node.isEmpty() && host.isMissing(path.get())) {
            throw new IOException(path.get() + ": it is " + user.describe() + ", and does not show which disk it is");
        }
        node.ifPresent(known -> users.putIfAbsent(known, user));
    }

    /**
     * Returns the file of {@code fileio}, from a text of the form
     * {@code TCM FILEIO ID: 0        File: /dev/sdb  Size: 1048576  Mode: O_DSYNC}.
     */
    private static Optional<String> file(String info) {
        int begin = info.indexOf(" File: ");
        int end = info.indexOf("  Size: ", Math.max(0, begin));
        return begin < 0 || end < 0
                ? Optional.empty()
                : Optional.of(info.substring(begin + " File: ".length(), end).strip());
    }

    private static boolean isSet(String attribute) throws IOException {
        return PseudoFile.readIfThere(attribute).map("1"::equals).orElse(false);
    }

    private static List<String> paths(String directory) throws IOException {
        return names(directory).stream().map(entry -> directory + "/" + entry).toList();
    }

    private static List<String> names(String directory) throws IOException {
        return PseudoFile.list(directory).stream().sorted().toList();
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
