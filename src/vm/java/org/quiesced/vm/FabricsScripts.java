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
            ip_port() {
                port $1 $2
                echo ipv4 >$target/ports/$1/addr_adrfam
                echo $3 >$target/ports/$1/addr_traddr
                echo 4420 >$target/ports/$1/addr_trsvcid
            }
            ip_port 1 tcp 127.0.0.1
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
            connect() { echo transport=$1,nqn=$2 >/dev/nvme-fabrics; }
            connect_tcp() { connect tcp,traddr=127.0.0.1,trsvcid=4420,ctrl_loss_tmo=600 $1; }
            controller() { basename $(dirname $(grep -lx $1 /sys/class/nvme/nvme*/subsysnqn)); }
            disk() { readlink -f "$(ls /dev/disk/by-id/nvme-Linux_$1* | head -n 1)"; }
            """;

    /** Connects a controller over RDMA, which the kernel itself does on a network device without a peer. */
    static final String RDMA = """
            ip link add scenario0 type dummy
            ip address add 192.0.2.1/24 dev scenario0
            ip link set scenario0 up
            rdma link add scenario-rdma type rxe netdev scenario0
            modprobe nvmet-rdma
            modprobe nvme-rdma
            ip_port 2 rdma 192.0.2.1
            in_memory direct 2
            connect rdma,traddr=192.0.2.1,trsvcid=4420 direct
            """;

    /** Connects a controller over Fibre Channel, between two ports that exist in the kernel only. */
    static final String FIBRE_CHANNEL = """
            modprobe nvme-fcloop
            loop=/sys/class/fcloop/ctl
            target_port=wwnn=0x10001100aa000001,wwpn=0x20001100aa000001
            echo wwnn=0x10001100ab000001,wwpn=0x20001100ab000001 >$loop/add_local_port
            echo $target_port,lpwwnn=0x10001100ab000001,lpwwpn=0x20001100ab000001,roles=0x60 >$loop/add_remote_port
            echo $target_port >$loop/add_target_port
            address=nn-0x10001100aa000001:pn-0x20001100aa000001
            port 3 fc
            echo fc >$target/ports/3/addr_adrfam
            echo $address >$target/ports/3/addr_traddr
            in_memory fibre 3
            connect fc,traddr=$address,host_traddr=nn-0x10001100ab000001:pn-0x20001100ab000001 fibre
            """;

    /** Connects a controller over the loop transport, whose target is in the same kernel. */
    static final String LOOP = """
            modprobe nvme-loop
            port 4 loop
            in_memory near 4
            connect loop near
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
     * Logs what the target is asked to write to the registers of its controllers, and flushes. CC is at offset 14h,
     * with CC.SHN in bits 15:14.
     */
    static final String TRACE = """
            tracing=/sys/kernel/tracing
            mountpoint -q $tracing || mount -t tracefs none $tracing
            echo 1 >$tracing/events/nvmet/nvmet_req_init/enable
            cat >/scenario/trace <<'END'
            while read -r line; do
                case $line in
                    *property_set* | *nvme_cmd_flush*) echo "scenario: target: $line" >/dev/kmsg ;;
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
