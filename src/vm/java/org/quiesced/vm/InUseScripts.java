// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

/** Parts of the scenarios of {@link InUseIT}, for the guest's {@code sh}. */
final class InUseScripts {
    static final String NAMES = """
            disk() { readlink -f /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data$1; }
            """;

    /**
     * Defines a writer of numbered records, each of which is on the drive when its write returns. It logs their number
     * every five records.
     */
    static final String WRITER = """
            cat >/scenario/write <<'END'
            use Fcntl;
            my ($name, $path) = @ARGV;
            $SIG{$_} = 'IGNORE' for qw(TERM HUP INT PIPE);
            open my $log, '>', '/dev/kmsg';
            my $say = sub { syswrite $log, "scenario: $name: @_\\n" };
            sysopen my $file, $path, O_WRONLY | O_CREAT | O_SYNC or $say->("failed to open: $!");
            for (my $n = 0; ; select undef, undef, undef, 0.05) {
                sysseek $file, 4096 * $n, 0;
                my $written = syswrite $file, sprintf "%-4096d", $n + 1;
                if ($written && $written == 4096) { $n++; $say->("$n written") if $n % 5 == 0; }
                elsif ($failed++ < 3) { $say->("write failed: $!"); }
            }
            END
            write_on() {
                systemd-run -q --scope --unit=writer-$1 -p TimeoutStopSec=5s -p SendSIGKILL=no perl /scenario/write $1 $2 >/dev/null 2>&1 &
            }
            """;

    /** Limits how long systemd-shutdown waits for processes that ignore SIGTERM. */
    static final String LAST_KILL = """
            mkdir -p /etc/systemd/system.conf.d
            printf '[Manager]\\nDefaultTimeoutStopSec=8s\\n' >/etc/systemd/system.conf.d/scenario.conf
            systemctl daemon-reload
            """;

    static final String USE = """
            modprobe loop
            losetup /dev/loop0 $(disk 0)
            mkfs.ext4 -q -F /dev/loop0
            mkdir -p /srv/loop /srv/released
            mount /dev/loop0 /srv/loop

            modprobe nvmet-tcp
            modprobe nvme-tcp
            mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
            target=/sys/kernel/config/nvmet
            mkdir -p $target/subsystems/exported/namespaces/1 $target/ports/1
            echo 1 >$target/subsystems/exported/attr_allow_any_host
            printf %s $(disk 2) >$target/subsystems/exported/namespaces/1/device_path
            echo 1 >$target/subsystems/exported/namespaces/1/enable
            echo tcp >$target/ports/1/addr_trtype
            echo ipv4 >$target/ports/1/addr_adrfam
            echo 127.0.0.1 >$target/ports/1/addr_traddr
            echo 4420 >$target/ports/1/addr_trsvcid
            ln -s $target/subsystems/exported $target/ports/1/subsystems/exported
            echo transport=tcp,traddr=127.0.0.1,trsvcid=4420,nqn=exported >/dev/nvme-fabrics
            until ls /dev/disk/by-id/nvme-Linux_* >/dev/null 2>&1; do sleep 0.2; done

            printf 'size=24MiB\\ntype=E\\nsize=8MiB\\n' | sfdisk -q --no-reread -X dos $(disk 3)
            partx -u $(disk 3)
            udevadm settle
            mkfs.ext4 -q -F $(disk 3)p1
            mount $(disk 3)p1 /srv/released
            mkswap -q $(disk 3)p5
            swapon $(disk 3)p5
            udevadm settle
            write_on loop /srv/loop/file
            write_on raw $(disk 1)
            write_on exported $(ls /dev/disk/by-id/nvme-Linux_* | head -n 1)
            until dmesg | grep -q 'scenario: loop: 5 w' && dmesg | grep -q 'scenario: raw: 5 w' \\
                    && dmesg | grep -q 'scenario: exported: 5 w'; do
                sleep 0.2
            done
            quiescectl plan --no-pager | say plan
            """;

    /**
     * Keeps nodes open for reading until the machine ends. The names of the processes begin with {@code @}, so the
     * final SIGKILL spares them as it spares the daemon.
     */
    static final String HOLD_NODES = """
            cat >/scenario/hold <<'END'
            my ($name, $path) = @ARGV;
            $SIG{$_} = 'IGNORE' for qw(TERM HUP INT PIPE);
            open my $log, '>', '/dev/kmsg';
            my $say = sub { syswrite $log, "scenario: $name: @_\\n" };
            open my $node, '<', $path or $say->("failed: $!");
            $0 = "\\@$name";
            $say->("has $path open");
            close $log;
            sleep 1000 while 1;
            END
            hold() {
                systemd-run -q --scope --unit=holder-$1 -p TimeoutStopSec=5s -p SendSIGKILL=no \\
                    perl /scenario/hold $1 $2 >/dev/null 2>&1 </dev/null &
            }
            sata() { basename $(readlink -f /sys/block/$(basename $(readlink -f /dev/disk/by-id/ata-QEMU_HARDDISK_data$1))/device); }
            modprobe sg
            udevadm settle
            controller=$(disk 0)
            namespace=$(disk 1)
            hold controller ${controller%n*}
            hold namespace /dev/ng${namespace#/dev/nvme}
            hold sg /dev/$(ls /sys/class/scsi_device/$(sata 3)/device/scsi_generic)
            hold bsg /dev/bsg/$(sata 4)
            until [ $(dmesg | grep -c 'scenario: .* has .* open') = 4 ]; do sleep 0.2; done
            """;

    private InUseScripts() {}
}
