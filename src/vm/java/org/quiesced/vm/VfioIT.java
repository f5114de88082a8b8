// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * NVMe drives without the kernel's NVMe driver. The driver notifies each of them when it is unbound; the kernel's walk
 * notifies none of them.
 */
@Needs(
        drives = 4,
        thorough = true,
        reason = "only who opts in has it, and tests with files in place of the kernel's show the same",
        modules = {"vfio_pci", "vfio_iommu_type1", "uio_pci_generic"})
class VfioIT extends ScenarioTest {
    private static final String[] IOMMU = {"-device", "intel-iommu"};

    private static final String CONFIG = """
            [driver.vfio-pci]
            shutdown = "parallel"
            method = "nvme-registers"
            [driver.uio_pci_generic]
            shutdown = "parallel"
            method = "nvme-registers"
            [driver.none]
            shutdown = "parallel"
            method = "nvme-registers"
            """;

    /**
     * Defines {@code give SERIAL DRIVER}, which binds a drive to another driver, or to none. The drive is reset in
     * between, as after a program that has ended, so it does not remember that its first driver has notified it. With a
     * third word there is no reset.
     */
    private static final String GIVE = """
            give() {
                for controller in /sys/class/nvme/nvme*; do
                    [ "$(tr -d ' ' <$controller/serial)" != $1 ] || address=$(cat $controller/address)
                done
                device=/sys/bus/pci/devices/$address
                echo $address >$device/driver/unbind
                [ -n "${3-}" ] || echo 1 >$device/reset
                if [ $2 != none ]; then
                    modprobe $2
                    echo $2 >$device/driver_override
                    echo $address >/sys/bus/pci/drivers_probe
                fi
                echo "scenario: $1 is $address, driver $(basename $(readlink $device/driver || echo none))" >/dev/kmsg
            }
            """;

    /**
     * Defines {@code hold FILE}, which keeps a file open until the end of the machine: neither systemd nor its final
     * SIGKILL ends the process.
     */
    private static final String HOLD = """
            hold() {
                systemd-run -q --unit=holder -p DefaultDependencies=no -p IgnoreOnIsolate=yes -p SendSIGKILL=no \\
                    bash -c "exec 3<>$1 && echo 'scenario: $1 is held' >/dev/kmsg && exec -a @holder sleep infinity"
                sleep 2
            }
            """;

    VfioIT() {
        super("vfio");
    }

    private static String pci(Boot boot, String drive) {
        return boot.find("scenario: " + drive + " is (\\S+),").get(0).group(1);
    }

    /** Asserts the number of notifications besides those by the driver that was unbound at the beginning. */
    private static void assertNotifications(Boot boot, int own) {
        assertThat(boot.notifications())
                .hasSize(boot.find("scenario: data. is ").size() + own);
    }

    @Test
    void stockKernelNotifiesNoDrive() throws IOException, InterruptedException {
        Boot boot = boot(
                "stock",
                dataDrivesAfter(stockRoot("stock")),
                Payload.stock(Scripts.WATCH + GIVE + """
                        give data0 vfio-pci
                        give data1 vfio-pci
                        give data2 uio_pci_generic
                        give data3 none
                        """ + Scripts.end("reboot")),
                IOMMU);

        assertSays(boot, "scenario: data1 is \\S+, driver vfio-pci");
        assertSays(boot, "scenario: data2 is \\S+, driver uio_pci_generic");
        assertSays(boot, "reboot: Restarting system");
        assertNotifications(boot, 0);
    }

    @Test
    void drivesOfFreeVfioGroupsAreNotifiedAndDriveOfAGroupInUseIsLeftAlone() throws IOException, InterruptedException {
        Boot boot = boot(
                "group",
                dataDrivesAfter(installedRoot("group")),
                Payload.quiesced(Scripts.WATCH + Scripts.SAY + GIVE + HOLD + """
                        give data0 vfio-pci
                        give data1 vfio-pci
                        give data3 vfio-pci
                        give data2 vfio-pci
                        hold /dev/vfio/$(basename $(readlink $device/iommu_group))
                        quiescectl plan --no-pager | say plan
                        """ + Scripts.end("reboot"), CONFIG),
                IOMMU);

        assertSays(boot, "scenario: /dev/vfio/\\d+ is held");
        for (String drive : List.of("data0", "data1", "data3")) {
            assertSays(boot, "quiesced: vfio-pci " + pci(boot, drive) + " is down after");
        }
        assertSays(
                boot,
                "quiesced: vfio-pci " + pci(boot, "data2")
                        + " left to the kernel: .* is in use: its VFIO group \\d+ is open");
        assertNotifications(boot, 3);
    }

    /** The command holds the drives until the machine ends, and nothing waits for the command. */
    @Test
    void oneShotCommandNotifiesDrivesOfVfioGroups() throws IOException, InterruptedException {
        Boot boot = boot(
                "one-shot",
                dataDrivesAfter(installedRoot("one-shot")),
                Payload.quiesced(Scripts.WATCH + Scripts.SAY + GIVE + """
                        give data0 vfio-pci
                        give data1 vfio-pci
                        mkdir -p /run/systemd/system/quiesced.service.d
                        printf '[Service]\\nRestart=no\\n' >/run/systemd/system/quiesced.service.d/test.conf
                        systemctl daemon-reload
                        kill -9 $(cut -d " " -f 1 /run/quiesced/pid)
                        """ + Scripts.end("reboot"), CONFIG),
                IOMMU);

        for (String drive : List.of("data0", "data1")) {
            assertSays(boot, "quiesced: vfio-pci " + pci(boot, drive) + " is down after");
        }
        // The other two drives have the kernel's driver, which notifies them once.
        assertSays(boot, "quiesced: end: 4 drives down");
        assertSays(boot, "scenario: hook has ended with 0");
        assertSays(boot, "reboot: Restarting system");
        assertNotifications(boot, 4);
    }

    @Test
    void drivesWithoutAnIommuAreNotifiedByRegistersUnlessInUse() throws IOException, InterruptedException {
        Boot boot = boot(
                "resource",
                dataDrivesAfter(installedRoot("resource")),
                Payload.quiesced(Scripts.WATCH + Scripts.SAY + GIVE + HOLD + """
                        give data0 uio_pci_generic
                        give data1 none
                        give data2 uio_pci_generic
                        hold $device/resource0
                        give data3 none without-reset
                        quiescectl plan --no-pager | say plan
                        """ + Scripts.end("poweroff"), CONFIG));

        assertSays(boot, "quiesced: uio_pci_generic " + pci(boot, "data0") + " is down after");
        assertSays(boot, "quiesced: pci " + pci(boot, "data1") + " is down after");
        assertSays(
                boot,
                "quiesced: uio_pci_generic " + pci(boot, "data2")
                        + " left to the kernel: .* is in use: resource0 is open by sleep");
        // Its driver notified it when it was unbound, and the drive has not been enabled since.
        assertSays(boot, "quiesced: pci " + pci(boot, "data3") + " is down after");
        assertNotifications(boot, 2);
    }
}
