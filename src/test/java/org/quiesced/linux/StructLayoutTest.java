// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.Programs;

/** The layouts of the structs equal those that a C compiler determines from the kernel's headers. */
class StructLayoutTest {
    private static final String HEADERS = """
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/ioctl.h>
            #include <fcntl.h>
            #include <linux/nvme_ioctl.h>
            #include <scsi/sg.h>
            #include <linux/bsg.h>
            #include <linux/netlink.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <sys/syscall.h>
            #include <linux/kcmp.h>
            #include <linux/loop.h>
            #include <linux/vfio.h>
            #include <linux/pci_regs.h>
            #include <linux/types.h>
            #include <linux/dm-ioctl.h>
            #include <sys/stat.h>
            #include <sys/syscall.h>
            #include <poll.h>
            #include <sys/mman.h>
            #include <sys/mount.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            int main(void) {
            """;

    @TempDir
    private Path directory;

    @Test
    void layoutOfNvmePassthruMatchesTheHeader() throws IOException, InterruptedException {
        assertLayout(NvmePassthru.LAYOUT);
    }

    @Test
    void layoutOfDeviceMapperMatchesTheHeader() throws IOException, InterruptedException {
        assertLayout(DmControl.LAYOUT);
    }

    @Test
    void layoutOfScsiGenericVersion3MatchesTheHeader() throws IOException, InterruptedException {
        assertLayout(ScsiGeneric.V3);
    }

    @Test
    void layoutOfScsiGenericVersion4MatchesTheHeader() throws IOException, InterruptedException {
        assertLayout(ScsiGeneric.V4);
    }

    @Test
    void layoutsOfSocketAddressesMatchTheHeaders() throws IOException, InterruptedException {
        assertLayout(UnixAddress.LAYOUT);
        assertLayout(Socket.NETLINK_ADDRESS);
        assertLayout(PeerCredentials.CREDENTIALS);
    }

    @Test
    void layoutOfFileStatusMatchesTheHeader() throws IOException, InterruptedException {
        assertLayout(FileStatus.LAYOUT);
    }

    @Test
    void layoutOfLoopStatusMatchesTheHeader() throws IOException, InterruptedException {
        assertLayout(LoopStatus.LAYOUT);
    }

    @Test
    void layoutsOfVfioMatchTheHeader() throws IOException, InterruptedException {
        assertLayout(Vfio.GROUP_STATUS);
        assertLayout(Vfio.REGION_INFO);
    }

    @Test
    void constantsMatchTheHeaders() throws IOException, InterruptedException {
        Map<String, Long> expected = new LinkedHashMap<>();
        expected.put("NVME_IOCTL_ID", NvmePassthru.NVME_IOCTL_ID);
        expected.put("NVME_IOCTL_ADMIN_CMD", NvmePassthru.NVME_IOCTL_ADMIN_CMD);
        expected.put("NVME_IOCTL_IO_CMD", NvmePassthru.NVME_IOCTL_IO_CMD);
        expected.put("SG_IO", ScsiGeneric.SG_IO);
        expected.put("TIOCGWINSZ", Host.TIOCGWINSZ);
        expected.put("sizeof(struct winsize)", (long) Host.WINSIZE_SIZE);
        expected.put("offsetof(struct winsize, ws_row)", (long) Host.WINSIZE_ROWS);
        expected.put("offsetof(struct winsize, ws_col)", (long) Host.WINSIZE_COLUMNS);
        expected.put("O_EXCL", (long) NativeFile.O_EXCL);
        expected.put("O_NONBLOCK", (long) NativeFile.O_NONBLOCK);
        expected.put("O_CLOEXEC", (long) NativeFile.O_CLOEXEC);
        expected.put("MCL_CURRENT", (long) Host.MCL_CURRENT);
        expected.put("MCL_FUTURE", (long) Host.MCL_FUTURE);
        expected.put("MCL_ONFAULT", (long) Host.MCL_ONFAULT);
        expected.put("MNT_DETACH", (long) Host.MNT_DETACH);
        expected.put("SECCOMP_SET_MODE_FILTER", (long) Seccomp.SECCOMP_SET_MODE_FILTER);
        expected.put("SECCOMP_FILTER_FLAG_TSYNC", (long) Seccomp.SECCOMP_FILTER_FLAG_TSYNC);
        expected.put("SECCOMP_RET_ALLOW", (long) Seccomp.SECCOMP_RET_ALLOW);
        expected.put("SECCOMP_RET_ERRNO", (long) Seccomp.SECCOMP_RET_ERRNO);
        expected.put("BPF_LD | BPF_W | BPF_ABS", (long) Seccomp.LOAD);
        expected.put("BPF_JMP | BPF_JEQ | BPF_K", (long) Seccomp.JUMP_IF_EQUAL);
        expected.put("BPF_RET | BPF_K", (long) Seccomp.RETURN);
        expected.put("sizeof(struct sock_filter)", (long) Seccomp.INSTRUCTION_SIZE);
        expected.put("offsetof(struct sock_filter, k)", 4L);
        expected.put("sizeof(struct sock_fprog)", (long) Seccomp.PROGRAM_SIZE);
        expected.put("offsetof(struct sock_fprog, filter)", (long) Seccomp.PROGRAM_FILTER);
        Seccomp.Numbers calls = Seccomp.numbers().orElseThrow();
        expected.put("SYS_seccomp", (long) calls.seccomp());
        List<String> names = List.of("SYS_mount", "SYS_umount2", "SYS_pivot_root", "SYS_unshare", "SYS_setns");
        for (int i = 0; i < names.size(); i++) {
            expected.put(names.get(i), (long) calls.mounting().get(i));
        }
        expected.put("AF_UNIX", (long) Socket.AF_UNIX);
        expected.put("AF_NETLINK", (long) Socket.AF_NETLINK);
        expected.put("SOCK_STREAM", (long) Socket.SOCK_STREAM);
        expected.put("SOCK_DGRAM", (long) Socket.SOCK_DGRAM);
        expected.put("SOCK_RAW", (long) Socket.SOCK_RAW);
        expected.put("SOCK_CLOEXEC", (long) Socket.SOCK_CLOEXEC);
        expected.put("NETLINK_KOBJECT_UEVENT", (long) Socket.NETLINK_KOBJECT_UEVENT);
        expected.put("MSG_NOSIGNAL", (long) Socket.MSG_NOSIGNAL);
        expected.put("SHUT_RDWR", (long) Socket.SHUT_RDWR);
        expected.put("SOL_SOCKET", (long) Socket.SOL_SOCKET);
        expected.put("SO_PEERCRED", (long) PeerCredentials.SO_PEERCRED);
        expected.put("SO_PEERGROUPS", (long) PeerCredentials.SO_PEERGROUPS);
        expected.put("SO_RCVBUF", (long) Socket.SO_RCVBUF);
        expected.put("SO_RCVBUFFORCE", (long) Socket.SO_RCVBUFFORCE);
        expected.put("SO_RCVTIMEO", (long) Socket.SO_RCVTIMEO);
        expected.put("SO_SNDTIMEO", (long) Socket.SO_SNDTIMEO);
        expected.put("POLLIN", (long) Socket.POLLIN);
        expected.put("AT_FDCWD", (long) FileStatus.AT_FDCWD);
        expected.put("AT_STATX_DONT_SYNC", (long) FileStatus.AT_STATX_DONT_SYNC);
        expected.put("STATX_TYPE | STATX_NLINK | STATX_INO", (long) FileStatus.WANTED);
        expected.put("S_IFMT", (long) FileStatus.S_IFMT);
        expected.put("S_IFBLK", (long) FileStatus.S_IFBLK);
        expected.put("S_IFREG", (long) FileStatus.S_IFREG);
        expected.put("S_IFCHR", (long) FileStatus.S_IFCHR);
        expected.put("VFIO_API_VERSION", (long) Vfio.VFIO_API_VERSION);
        expected.put("VFIO_GET_API_VERSION", Vfio.VFIO_GET_API_VERSION);
        expected.put("VFIO_CHECK_EXTENSION", Vfio.VFIO_CHECK_EXTENSION);
        expected.put("VFIO_SET_IOMMU", Vfio.VFIO_SET_IOMMU);
        expected.put("VFIO_TYPE1v2_IOMMU", (long) Vfio.VFIO_TYPE1V2_IOMMU);
        expected.put("VFIO_GROUP_GET_STATUS", Vfio.VFIO_GROUP_GET_STATUS);
        expected.put("VFIO_GROUP_FLAGS_VIABLE", (long) Vfio.VFIO_GROUP_FLAGS_VIABLE);
        expected.put("VFIO_GROUP_SET_CONTAINER", Vfio.VFIO_GROUP_SET_CONTAINER);
        expected.put("VFIO_GROUP_GET_DEVICE_FD", Vfio.VFIO_GROUP_GET_DEVICE_FD);
        expected.put("VFIO_DEVICE_GET_REGION_INFO", Vfio.VFIO_DEVICE_GET_REGION_INFO);
        expected.put("VFIO_REGION_INFO_FLAG_READ", (long) Vfio.VFIO_REGION_INFO_FLAG_READ);
        expected.put("VFIO_REGION_INFO_FLAG_WRITE", (long) Vfio.VFIO_REGION_INFO_FLAG_WRITE);
        expected.put("VFIO_PCI_BAR0_REGION_INDEX", (long) Vfio.VFIO_PCI_BAR0_REGION_INDEX);
        expected.put("VFIO_PCI_CONFIG_REGION_INDEX", (long) Vfio.VFIO_PCI_CONFIG_REGION_INDEX);
        expected.put("PCI_COMMAND", (long) Vfio.PCI_COMMAND);
        expected.put("PCI_COMMAND_MEMORY", (long) Vfio.PCI_COMMAND_MEMORY);
        expected.put("LOOP_GET_STATUS64", LoopStatus.LOOP_GET_STATUS64);
        expected.put("KCMP_FILES", (long) Tasks.KCMP_FILES);
        expected.put("SYS_kcmp", Tasks.NR_KCMP);
        expected.put("sizeof(struct pollfd)", 8L);
        expected.put("offsetof(struct pollfd, events)", 4L);
        expected.put("sizeof(struct timeval)", 16L);
        expected.put("offsetof(struct sockaddr_un, sun_path)", (long) UnixAddress.PATH);
        StringBuilder program = new StringBuilder();
        expected.keySet()
                .forEach(name -> program.append("printf(\"" + name + " %lld\\n\", (long long)" + name + ");\n"));

        List<String> lines = new ArrayList<>();
        expected.forEach((name, value) -> lines.add(name + " " + value));
        assertThat(run(program.toString())).isEqualTo(lines);
    }

    private void assertLayout(CStruct.Layout layout) throws IOException, InterruptedException {
        String struct = layout.name();
        StringBuilder program = new StringBuilder("printf(\"size %zu\\n\", sizeof(" + struct + "));\n");
        List<String> expected = new ArrayList<>(List.of("size " + layout.size()));
        for (CStruct.Field field : layout.fields()) {
            String name = field.name();
            program.append("printf(\"" + name + " %zu %zu\\n\", offsetof(" + struct + ", " + name + "), sizeof((("
                    + struct + " *)0)->" + name + "));\n");
            expected.add(name + " " + field.offset() + " " + field.size());
        }
        assertThat(expected).hasSizeGreaterThan(1);
        assertThat(run(program.toString())).isEqualTo(expected);
    }

    private List<String> run(String body) throws IOException, InterruptedException {
        Path source = directory.resolve("probe.c");
        Files.writeString(source, HEADERS + body + "return 0; }\n");
        Path program = directory.resolve("probe");
        Programs.output(command("gcc", "-D_GNU_SOURCE", "-o", program.toString(), source.toString()));
        return Programs.output(command(program.toString())).lines().toList();
    }

    private static ProcessBuilder command(String... words) {
        return new ProcessBuilder(words).redirectErrorStream(true);
    }
}
