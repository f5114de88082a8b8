// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.kernel.User;

/** Exports of the kernel are found in configfs and sysfs; disk {@code sdx} has the number 8:128. */
class ExportedDisksTest {
    private static final Node DISK = new Node(true, 8, 128);

    @TempDir
    private Path root;

    @BeforeEach
    void makeMachine() throws IOException {
        write("sys/class/block/sdx/dev", "8:128");
        Files.createDirectories(root.resolve("host/dev"));
        Files.createDirectories(root.resolve("proc/1"));
        Files.createSymbolicLink(root.resolve("proc/1/root"), root.resolve("host"));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    /** Writes an attribute where the first process has configfs mounted. */
    private void configure(String attribute, String value) throws IOException {
        write("host/sys/kernel/config/" + attribute, value);
    }

    private Map<Node, String> scan() throws IOException {
        Map<Node, User> users = new HashMap<>();
        new ExportedDisks(root.resolve("sys").toString())
                .scan(HostPaths.of(root.resolve("proc").toString()), users);
        return Described.of(users);
    }

    @Test
    void unexportedDiskHasNoUser() throws IOException {
        assertThat(scan()).isEmpty();
    }

    @Test
    void enabledNamespaceOfNvmetUsesItsDisk() throws IOException {
        configure("nvmet/subsystems/nqn.x/namespaces/1/device_path", "/dev/sdx");
        configure("nvmet/subsystems/nqn.x/namespaces/1/enable", "0");
        assertThat(scan()).isEmpty();

        configure("nvmet/subsystems/nqn.x/namespaces/1/enable", "1");
        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by nvmet as nqn.x"));
    }

    @Test
    void controllerPassedThroughByNvmetIsInUse() throws IOException {
        Files.delete(root.resolve("proc/1/root"));
        write("sys/kernel/config/nvmet/subsystems/nqn.x/passthru/device_path", "/dev/full");
        write("sys/kernel/config/nvmet/subsystems/nqn.x/passthru/enable", "1");

        assertThat(scan()).isEqualTo(Map.of(new Node(false, 1, 7), "exported by nvmet as nqn.x"));
    }

    @Test
    void enabledBackstoreOfLioUsesItsDisk() throws IOException {
        configure("target/core/iblock_0/store/udev_path", "/dev/sdx");
        configure("target/core/iblock_0/store/enable", "1");

        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by LIO as store"));
    }

    @Test
    void fileBackstoreOfLioUsesADiskGivenAsAFile() throws IOException {
        configure("target/core/fileio_0/store/udev_path", "/srv/not-this");
        configure(
                "target/core/fileio_0/store/info",
                "Status: ACTIVATED  Max Queue Depth: 0  SectorSize: 512  HwMaxSectors: 16384\n"
                        + "        TCM FILEIO ID: 0        File: /dev/sdx  Size: 1073741824  Mode: O_DSYNC Async: 0");
        configure("target/core/fileio_0/store/enable", "1");

        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by LIO as store"));
    }

    @Test
    void exportedRegularFileUsesNoDisk() throws IOException {
        write("host/srv/image", "");
        configure("nvmet/subsystems/nqn.x/namespaces/1/device_path", "/srv/image");
        configure("nvmet/subsystems/nqn.x/namespaces/1/enable", "1");

        assertThat(scan()).isEmpty();
    }

    @Test
    void exportedDiskWithAMissingNodeFailsTheScan() throws IOException {
        configure("nvmet/subsystems/nqn.x/namespaces/1/device_path", "/dev/disk/by-id/gone");
        configure("nvmet/subsystems/nqn.x/namespaces/1/enable", "1");

        assertThatThrownBy(this::scan)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "/dev/disk/by-id/gone: it is exported by nvmet as nqn.x, and does not show which disk it is");
    }

    @Test
    void targetWithoutVisibleConfigurationFailsTheScan() throws IOException {
        Files.createDirectories(root.resolve("sys/module/nvmet"));

        assertThatThrownBy(this::scan)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("what nvmet has open does not show");
        Files.createDirectories(root.resolve("host/sys/kernel/config/nvmet"));
        assertThat(scan()).isEmpty();
    }

    @Test
    void unreadableExportFailsTheScan() throws IOException {
        configure("nvmet/subsystems/nqn.x/namespaces/1/enable", "1");
        Files.createDirectories(root.resolve("host/sys/kernel/config/nvmet/subsystems/nqn.x/namespaces/1/device_path"));

        assertThatThrownBy(this::scan)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/namespaces/1/device_path: cannot be read");
    }

    @Test
    void diskOfAUsbGadgetIsInUse() throws IOException {
        configure("usb_gadget/g1/functions/mass_storage.0/lun.0/file", "/dev/sdx");
        configure("usb_gadget/g1/functions/mass_storage.0/lun.1/file", "");

        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by the USB gadget g1"));
    }

    @Test
    void heartbeatDiskOfAClusterIsInUse() throws IOException {
        configure("cluster/c1/heartbeat/ABCD/dev", "sdx");
        configure("cluster/c1/heartbeat/EFGH/dev", "");

        assertThat(scan()).isEqualTo(Map.of(DISK, "used by the heartbeat of cluster c1"));
    }

    @Test
    void diskOfTheRnbdServerIsInUse() throws IOException {
        Files.createDirectories(root.resolve("sys/class/rnbd-server/ctl/devices/sdx/sessions"));

        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by RNBD"));
    }

    /** A second line shows that the value was set, as opposed to the default. */
    @Test
    void diskOfScstIsInUse() throws IOException {
        write("sys/kernel/scst_tgt/devices/disk1/filename", "/dev/sdx\n[key]");
        Files.createDirectories(root.resolve("sys/kernel/scst_tgt/devices/passthrough"));

        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by SCST as disk1"));
    }

    @Test
    void diskOfAXenGuestIsInUse() throws IOException {
        write("sys/bus/xen-backend/devices/vbd-3-51712/physical_device", "8:80");

        assertThat(scan()).isEqualTo(Map.of(DISK, "exported by Xen as vbd-3-51712"));
    }
}
