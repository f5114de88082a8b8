// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

/** Parts of scenarios, for the guest's {@code sh}. */
final class Scripts {
    /**
     * Makes the console show the whole log of the kernel, and the kernel log each device that its own walk shuts down.
     */
    static final String WATCH = """
            dmesg -n 8
            echo Y >/sys/module/kernel/parameters/initcall_debug
            """;

    /**
     * Defines {@code fill DISK}, which makes a file system, mounts it, and leaves files and their checksums on it right
     * before the end.
     */
    static final String FILL = """
            fill() {
                mkfs.ext4 -q -F -L data "$1" && mkdir -p /data && mount "$1" /data
                for i in 1 2 3 4 5 6 7 8; do head -c 3000000 /dev/urandom >/data/file$i; done
                (cd /data && sha256sum file* >SHA256SUMS)
            }
            """;

    /**
     * Defines {@code check DISK}, which logs whether the files of {@link #FILL} are unchanged and the file system is
     * clean.
     */
    static final String CHECK = """
            check() {
                fsck.ext4 -n -f "$1" >/dev/null 2>&1 && echo "scenario: fsck clean" >/dev/kmsg
                mkdir -p /data && mount -o ro "$1" /data && (cd /data && sha256sum -c --quiet SHA256SUMS) \\
                    && echo "scenario: checksums match" >/dev/kmsg
                umount /data
            }
            """;

    /**
     * Waits until the daemon is ready, and replaces the hook with a script. The script logs when the hook begins and
     * ends, the daemon's major page faults, and the bytes that it read from disks. Both are counted from readiness on,
     * because the daemon's process starts as {@code bin/enter}, which is read from a disk. If {@code /scenario/hang}
     * exists, the script first stops the daemon by SIGSTOP. That would have no effect earlier, because systemd-shutdown
     * continues all processes after it has killed those to be killed. The script contains the text of the hook, so that
     * its copy in an exitrd needs no other file. It replaces a script of an earlier boot of the same root.
     *
     * <p>khugepaged is put to sleep: since Linux 7 it may still hold the journal's file, whose pages it scans, after
     * journald has ended. The root file system is then not made read-only, with or without the daemon, and the holder
     * cannot be determined from outside the kernel.
     */
    static final String READY = """
            echo 3600000 >/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs
            systemctl start quiesced.service
            echo "scenario: ready: $(systemctl show -P StatusText quiesced.service)" >/dev/kmsg
            daemon=$(systemctl show -P MainPID quiesced.service)
            echo "$(sed -n 's/^read_bytes: //p' /proc/$daemon/io) $(cut -d ' ' -f 12 /proc/$daemon/stat)" >/scenario/before
            hook=/usr/lib/systemd/system-shutdown/quiesced
            grep -q 'scenario: hook begins' $hook || mv $hook /scenario/hook
            cat >$hook <<'END'
            #!/bin/sh
            if [ -e /etc/initrd-release ]; then
                echo "scenario: the exitrd's hook begins" >/dev/kmsg
                for used in /sys/fs/ext4/*/lifetime_write_kbytes /sys/fs/xfs/*/log /sys/fs/btrfs/*-*-*; do
                    [ ! -e $used ] || echo "scenario: exitrd: still in use: $used" >/dev/kmsg
                done
                while read -r source place _; do
                    case $place in
                        /oldroot*) echo "scenario: exitrd: still mounted: $source on $place" >/dev/kmsg ;;
                    esac
                done </proc/mounts
            else
                echo "scenario: hook begins" >/dev/kmsg
            fi
            read -r daemon _ </run/quiesced/pid || daemon=none
            [ ! -e /scenario/hang ] || kill -STOP $daemon
            grace() { read -r "$1" </sys/kernel/rcu_expedited; }
            look() {
                result=$?
                if [ -e /etc/initrd-release ]; then
                    echo "scenario: the exitrd's hook has ended with $result" >/dev/kmsg
                    return
                fi
                echo "scenario: hook has ended with $result" >/dev/kmsg
                grace after
                echo "scenario: rcu_expedited was $before when the hook came and is $after at its end" >/dev/kmsg
                # In the shell itself: what a process more would cost would be part of the time to the restart, which is measured.
                while read -r _ place _ options _; do
                    [ "$place" != / ] || break
                done </proc/mounts
                case $options in
                    ro | ro,*) root=read-only ;;
                    *) root=writable ;;
                esac
                echo "scenario: the root file system is $root" >/dev/kmsg
                if [ $root = writable ]; then
                    for process in /proc/[0-9]*; do
                        state=$(grep State $process/status)
                        command=$(tr '\\0' ' ' <$process/cmdline)
                        case =$command=$state in
                            ==*[DZ]\\ *) command=$(cat $process/comm) ;;
                            ==*) continue ;;
                        esac
                        echo "scenario: still there: $process $command $state" >/dev/kmsg
                        { ls -l $process/fd; cat $process/mountinfo $process/stack; grep -e deleted -e ' .w.s' $process/maps; } 2>&1 \\
                            | while read -r line; do echo "scenario: it has $line" >/dev/kmsg; done
                    done
                fi
                [ -e /proc/$daemon/io ] || return
                read -r bytes_before faults_before </scenario/before
                read -r _ _ _ _ _ _ _ _ _ _ _ faults _ </proc/$daemon/stat
                while read -r name bytes; do
                    [ $name != read_bytes: ] || echo "scenario: the daemon: $((bytes - bytes_before)) bytes from disks,\
             $((faults - faults_before)) major faults" >/dev/kmsg
                done </proc/$daemon/io
            }
            grace before
            # The hook has traps and an end of its own.
            (
            END
            cat /scenario/hook >>$hook
            cat >>$hook <<'END'
            )
            look
            exit 0
            END
            chmod +x $hook
            """;

    /** Makes the daemon hang when the hook begins. */
    static final String HANG = "touch /scenario/hang\n";

    /** Disables the early phase: its unit, stopped by hand on a running system, only logs a message. */
    static final String LATE_ONLY = """
            systemctl stop quiesced-early.service
            journalctl --sync
            journalctl -b -u quiesced-early.service -o cat --no-pager | grep 'nothing is done' | sed -u 's/^/scenario: early: /' >/dev/kmsg
            """;

    /** Defines {@code say NAME}, which copies its input to the kernel's log, line by line. */
    static final String SAY = """
            say() { while read -r line; do echo "scenario: $1: $line" >/dev/kmsg; done; }
            """;

    /**
     * Loads the running kernel as the next kernel, with the word {@code next-kernel} among its parameters; needs
     * {@link #SAY}.
     */
    static final String LOAD_NEXT_KERNEL = """
            kernel=$(uname -r)
            kexec -l /boot/vmlinuz-$kernel --initrd=/boot/initrd.img-$kernel --append="$(cat /proc/cmdline) next-kernel" 2>&1 | say kexec
            """;

    /**
     * Defines {@code try COMMAND…}, which executes a command and logs a failure with its output; needs {@link #SAY}.
     */
    static final String TRY = """
            try() { "$@" >/tmp/out 2>&1 || { echo "scenario: failed: $*" >/dev/kmsg; say output </tmp/out; }; }
            """;

    /** Defines {@code disk NUMBER}, which prints the disk of the drive {@code data0}, {@code data1} and so on. */
    static final String DATA_DISK = """
            disk() { echo /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data$1; }
            """;

    private Scripts() {}

    /** Changes the configuration of the running daemon. */
    static String configure(String config) {
        return "cat >/etc/quiesced/quiesced.toml <<'END'\n" + config + "END\nsystemctl reload quiesced.service\n";
    }

    /** Makes all NVMe drives slow. */
    static String slowNvme(int milliseconds) {
        return "modprobe slow_nvme delay_ms=" + milliseconds + "\n";
    }

    /** Opens a shell of root on the console, with job control. When it ends, the guest continues with a new shell. */
    static String shell() {
        return """
                echo 'quiescectl is installed. "poweroff" ends the guest, "reboot" restarts it; Ctrl-A X ends QEMU.' >/dev/ttyS0
                while :; do setsid -c bash -l </dev/ttyS0 >/dev/ttyS0 2>&1; done
                """;
    }

    /** Ends the scenario. */
    static String end(String verb) {
        return "echo 'scenario: " + verb + " is asked for' >/dev/kmsg\nsystemctl --no-block " + verb + "\n";
    }
}
