// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

/** Parts of the scenarios of {@link FabricsIT}, for the guest's {@code sh}. */
final class FabricsScripts {
    /**
     * Defines functions that make the target, with a namespace for each name on a file in memory or on a disk, and that
     * connect to it.
     */
    static final String TARGET = """
            modprobe nvmet-tcp
            modprobe nvme-tcp
            mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
            target=/sys/kernel/config/nvmet
            port() {
                mkdir -p $target/ports/$1
                echo $2 >$target/ports/$1/addr_trtype
            }
            port 1 tcp
            echo ipv4 >$target/ports/1/addr_adrfam
            echo 127.0.0.1 >$target/ports/1/addr_traddr
            echo 4420 >$target/ports/1/addr_trsvcid
            offer() {
                mkdir -p $target/subsystems/$1/namespaces/1
                echo 1 >$target/subsystems/$1/attr_allow_any_host
                echo $1 >$target/subsystems/$1/attr_serial
                printf %s $3 >$target/subsystems/$1/namespaces/1/device_path
                [ -b $3 ] || echo 1 >$target/subsystems/$1/namespaces/1/buffered_io
                echo 1 >$target/subsystems/$1/namespaces/1/enable
                ln -s $target/subsystems/$1 $target/ports/$2/subsystems/$1
            }
            in_memory() { truncate -s 32M /run/$1; offer $1 $2 /run/$1; }
            connect_tcp() { echo transport=tcp,traddr=127.0.0.1,trsvcid=4420,nqn=$1,ctrl_loss_tmo=600 >/dev/nvme-fabrics; }
            connect_loop() { echo transport=loop,nqn=$1 >/dev/nvme-fabrics; }
            controller() { basename $(dirname $(grep -lx $1 /sys/class/nvme/nvme*/subsysnqn)); }
            disk() { readlink -f "$(ls /dev/disk/by-id/nvme-Linux_$1* | head -n 1)"; }
            """;

    /** Defines {@code cut_off}, which drops all packets to and from the target, as when its host is off. */
    static final String CUT_OFF = """
            cut_off() {
                nft add table ip scenario
                nft add chain ip scenario in '{ type filter hook input priority 0; }'
                nft add rule ip scenario in tcp dport 4420 drop
                nft add rule ip scenario in tcp sport 4420 drop
            }
            """;

    static final String NETWORK = """
            cat >/etc/systemd/system/scenario-network.service <<'END'
            [Unit]
            Wants=network.target
            Before=network.target
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStop=/bin/sh -c 'echo "scenario: the network is stopped" >/dev/kmsg'
            END
            systemctl daemon-reload
            systemctl start scenario-network.service
            """;

    /**
     * Logs what the target is asked to write to the registers of its controllers. CC is at offset 14h, with CC.SHN in
     * bits 15:14.
     */
    static final String TRACE = """
            tracing=/sys/kernel/tracing
            mountpoint -q $tracing || mount -t tracefs none $tracing
            echo 1 >$tracing/events/nvmet/nvmet_req_init/enable
            cat >/scenario/trace <<'END'
            while read -r line; do
                case $line in
                    *property_set*) echo "scenario: target: $line" >/dev/kmsg ;;
                esac
            done </sys/kernel/tracing/trace_pipe
            END
            systemd-run -q --unit=scenario-trace -p DefaultDependencies=no sh /scenario/trace
            """;

    /** Waits for udev, which uses a new connection for a moment. */
    static final String SETTLE = """
            sleep 1
            udevadm settle
            """;

    static final String CONNECT = """
            in_memory far 1
            connect_tcp far
            """ + SETTLE;

    /**
     * Cuts off the target, and waits until the controller tries to reconnect: when keep_alive_tmo has passed, the
     * driver has noticed that the target is dead.
     */
    static final String DEAD = CONNECT + """
            cut_off
            until grep -qx connecting /sys/class/nvme/$(controller far)/state; do sleep 0.2; done
            """ + SETTLE;

    /** Makes a rule of udev read the disk and wait for it. */
    static final String READER = """
            udevadm trigger --action=change $(disk far)
            sleep 1
            """;

    private FabricsScripts() {}
}
