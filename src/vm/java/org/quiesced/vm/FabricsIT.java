// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Controllers of NVMe over fabrics whose target, the kernel's {@code nvmet}, is in the same guest. A unit
 * that stands for the network logs when it is stopped.
 */
@Needs(modules = {"nvmet", "nvmet_tcp", "nvme_tcp", "nf_tables"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FabricsIT extends ScenarioTest {
    /** The line of the target's trace for a write to CC whose CC.SHN is not 0. */
    private static final String NOTIFICATION =
            "scenario: target: .*property_set.*ofst=0x14, value=0x[0-9a-f]*[4-7][0-9a-f]{3}\\b";

    FabricsIT() {
        super("fabrics");
    }

    private Boot quiesced(String step, String script) throws IOException, InterruptedException {
        return boot(step, List.of(installedRoot(step)), Payload.quiesced(prepared(script)));
    }

    private static String prepared(String script) {
        return Scripts.SAY
                + Scripts.WATCH
                + FabricsScripts.TARGET
                + FabricsScripts.CUT_OFF
                + FabricsScripts.NETWORK
                + script
                + Scripts.end("reboot");
    }

    private static double seconds(Boot boot) {
        return boot.toRestartFrom("scenario: reboot is asked for");
    }

    @Test
    @Order(1)
    void idleControllersAreDisconnectedInParallelBeforeTheNetworkStops() throws IOException, InterruptedException {
        Boot boot = quiesced("idle", FabricsScripts.TRACE + """
                for name in one two three owned; do in_memory $name 1; connect_tcp $name; done
                in_memory four 1
                connect_tcp four
                owner=/run/nvme/registry/$(controller owned)
                mkdir -p $owner
                echo stas >$owner/owner
                echo "scenario: owned is $(controller owned)" >/dev/kmsg
                modprobe slow_nvme elsewhere_ms=1500
                """ + FabricsScripts.SETTLE + """
                sleep 2
                quiescectl plan --no-pager | say plan
                quiescectl status | say status
                """);

        double network = boot.when("scenario: the network is stopped").orElseThrow();
        assertThat(boot.find("quiesced: nvme-tcp nvme.* is down after")).hasSize(4);
        assertThat(boot.last("quiesced: nvme-tcp nvme.* is down after").orElseThrow())
                .isLessThan(network);
        assertThat(boot.find("slow_nvme: unknown (notified|complete)").stream().map(match -> match.group(1)))
                .as("all are notified before the first is complete")
                .startsWith("notified", "notified", "notified", "notified", "complete");
        assertThat(boot.last(NOTIFICATION).orElseThrow())
                .as("the last CC.SHN at the target")
                .isLessThan(network);
        String owned = boot.find("scenario: owned is (nvme\\d+)").get(0).group(1);
        assertSays(boot, "scenario: plan: .*" + owned + " belongs to stas in the registry of connections");
        assertSays(boot, "quiesced: nvme-tcp " + owned + " .*left to the kernel: it needs the network");
        assertThat(boot.find("quiesced: nvme-tcp " + owned + ".* is down")).isEmpty();
        report(
                "idle: the last of 4 controllers is gone %.2f s after the reboot was asked for, each taking 1.5 s; the network"
                        + " is stopped %.2f s after that",
                boot.last("quiesced: nvme-tcp nvme.* is down after").orElseThrow()
                        - boot.when("scenario: reboot is asked for").orElseThrow(),
                network - boot.last("quiesced: nvme-tcp nvme.* is down after").orElseThrow());
    }

    @Test
    @Needs(thorough = true, reason = "the code is that of TCP")
    @Order(5)
    void controllerOverRdmaIsNotifiedAndDisconnected() throws IOException, InterruptedException {
        Boot boot = quiesced("rdma", FabricsScripts.TRACE + FabricsScripts.RDMA + FabricsScripts.SETTLE);

        assertIsDisconnectedBeforeTheNetworkStops(boot, "nvme-rdma");
        assertThat(boot.find(NOTIFICATION)).as("CC.SHN at the target").hasSize(1);
    }

    @Test
    @Needs(suite = Suite.TRIXIE, reason = "Debian's kernels before 6.12 have neither nvme-loop nor nvme-fcloop")
    @Order(6)
    void controllersOverFibreChannelAndOfTheLoopTransportAreFlushedAndDisconnected()
            throws IOException, InterruptedException {
        Boot boot = quiesced(
                "others",
                FabricsScripts.TRACE + FabricsScripts.FIBRE_CHANNEL + FabricsScripts.LOOP + FabricsScripts.SETTLE);

        assertIsDisconnectedBeforeTheNetworkStops(boot, "nvme-fc");
        assertIsDisconnectedBeforeTheNetworkStops(boot, "nvme-loop");
        assertThat(boot.find("scenario: target: .*nvme_cmd_flush")).hasSize(2);
        assertThat(boot.find(NOTIFICATION))
                .as("these drivers send no CC.SHN when a controller is deleted")
                .isEmpty();
    }

    private static void assertIsDisconnectedBeforeTheNetworkStops(Boot boot, String driver) {
        String down = "quiesced: " + driver + " nvme.* is down after";
        assertThat(boot.find(down)).hasSize(1);
        assertThat(boot.when(down).orElseThrow())
                .isLessThan(boot.when("scenario: the network is stopped").orElseThrow());
    }

    @Test
    @Needs(thorough = true, reason = "three boots show what simulated machines show of each state of a controller")
    @Order(2)
    void controllerWithADeadTargetIsDisconnectedAtOnce() throws IOException, InterruptedException {
        Boot without = quiesced("none", "");
        Boot dead = quiesced("dead", FabricsScripts.DEAD);
        Boot justCut = quiesced("cut", FabricsScripts.CONNECT + "cut_off\n");

        for (Boot boot : List.of(dead, justCut)) {
            assertSays(
                    boot,
                    "quiesced: nvme-tcp nvme.* is disconnected, but was not notified: its target does not answer");
            assertThat(boot.when("quiesced: nvme-tcp nvme.* is disconnected").orElseThrow())
                    .isLessThan(boot.when("scenario: hooks begin").orElseThrow());
        }
        report(
                "reboot to restart: without a connection %.2f s, with a dead target %.2f s, with one that was cut off right before"
                        + " %.2f s",
                seconds(without), seconds(dead), seconds(justCut));
    }

    @Test
    @Needs(thorough = true, reason = "it measures the stock kernel")
    @Order(3)
    void stockShutdownWithADeadTargetIsMeasured() throws IOException, InterruptedException {
        Boot without = boot("stock-none", List.of(stockRoot("stock-none")), Payload.stock(prepared("")));
        Boot dead = boot("stock-dead", List.of(stockRoot("stock-dead")), Payload.stock(prepared(FabricsScripts.DEAD)));
        Boot read = boot(
                "stock-read",
                List.of(stockRoot("stock-read")),
                Payload.stock(prepared(FabricsScripts.DEAD + FabricsScripts.READER)));
        Boot ours = quiesced("read", FabricsScripts.DEAD + FabricsScripts.READER);

        report(
                "stock, reboot to restart: without a connection %.2f s, with a dead target %.2f s, with one that udev reads"
                        + " %.2f s; ours with that %.2f s",
                seconds(without), seconds(dead), seconds(read), seconds(ours));
    }

    @Needs(thorough = true, reason = "what is in use is looked for as on any drive")
    @Test
    @Order(4)
    void controllerInUseIsLeftConnectedAndItsFileSystemIsClean() throws IOException, InterruptedException {
        Path backing = file("backing.img");
        Files.deleteIfExists(backing);
        Boot boot = boot(
                "in-use",
                List.of(installedRoot("in-use"), Drive.of("data0", Drive.Kind.NVME, Guest.newDisk(backing, 64))),
                Payload.quiesced(prepared("""
                        offer used 1 $(readlink -f /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data0)
                        connect_tcp used
                        in_memory idle 1
                        connect_tcp idle
                        """ + FabricsScripts.SETTLE + """
                        mkfs.ext4 -q -F $(disk used)
                        mkdir -p /data
                        mount $(disk used) /data
                        cat >/scenario/write <<'END'
                        $SIG{$_} = 'IGNORE' for qw(TERM HUP INT PIPE);
                        open my $file, '>', '/data/file';
                        for (;;) { syswrite $file, "x" x 4096; select undef, undef, undef, 0.05; }
                        END
                        systemd-run -q --scope --unit=writer -p TimeoutStopSec=3s -p SendSIGKILL=no \\
                            perl /scenario/write >/dev/null 2>&1 &
                        mkdir -p /etc/systemd/system.conf.d
                        printf '[Manager]\\nDefaultTimeoutStopSec=8s\\n' >/etc/systemd/system.conf.d/scenario.conf
                        systemctl daemon-reload
                        sleep 2
                        """)));

        assertSays(boot, "quiesced: nvme-tcp .*waits for the local file systems to be unmounted: .*in use");
        assertSays(boot, "quiesced: nvme-tcp .*left to the kernel: it needs the network");
        assertThat(boot.find("quiesced: nvme-tcp .* is down after"))
                .as("the idle controller alone")
                .hasSize(1);
        assertThat(boot.find("(I/O|EXT4-fs) error")).isEmpty();
        Commands.run(file("e2fsck.log"), List.of("e2fsck", "-f", "-n", backing.toString()));
        Commands.run(file("dumpe2fs.log"), List.of("dumpe2fs", "-h", backing.toString()));
        assertThat(Files.readString(file("dumpe2fs.log")))
                .containsPattern("Filesystem state: +clean\n")
                .doesNotContain("needs_recovery");
    }

    /**
     * A service without default dependencies, such as networking.service and systemd-networkd.service, is not ordered
     * against the local file systems. They are unmounted while a file system on the network is still busy.
     */
    @Needs(thorough = true, reason = "the order of the units is what an idle connection shows")
    @Test
    @Order(6)
    void controllerIsDisconnectedBetweenALateUnmountAndTheNetworkStop() throws IOException, InterruptedException {
        Boot boot = quiesced("late-unmount", """
                mkdir -p /etc/systemd/system/scenario-network.service.d
                cat >/etc/systemd/system/scenario-network.service.d/order.conf <<'END'
                [Unit]
                DefaultDependencies=no
                Conflicts=shutdown.target
                Before=shutdown.target
                END
                """ + FabricsScripts.CONNECT + """
                mkfs.ext4 -q -F $(disk far)
                cat >/etc/systemd/system/remote.mount <<END
                [Mount]
                What=$(disk far)
                Where=/remote
                Options=_netdev
                END
                cat >/etc/systemd/system/scenario-busy.service <<'END'
                [Unit]
                DefaultDependencies=no
                After=remote.mount
                Conflicts=shutdown.target
                Before=shutdown.target
                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStop=/bin/sh -c 'while systemctl is-active -q local-fs.target; do sleep 0.1; done; sleep 2'
                ExecStop=/bin/sh -c 'echo "scenario: the remote file system is free" >/dev/kmsg'
                END
                systemctl daemon-reload
                systemctl start remote.mount scenario-busy.service
                """ + FabricsScripts.SETTLE);

        double free = boot.when("scenario: the remote file system is free").orElseThrow();
        assertThat(boot.find("quiesced: nvme-tcp nvme.* is down after")).hasSize(1);
        assertThat(boot.when("quiesced: nvme-tcp nvme.* is down after").orElseThrow())
                .isBetween(free, boot.when("scenario: the network is stopped").orElseThrow());
    }
}
