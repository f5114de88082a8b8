// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;

/** Who or what uses a disk. */
public sealed interface User {
    /** Returns the user in words, for example {@code mounted on /srv}. */
    String describe();

    /** A mounted file system. */
    record Mount(String point) implements User {
        @Override
        public String describe() {
            return "mounted on " + point;
        }
    }

    /** Swap. */
    record Swap() implements User {
        @Override
        public String describe() {
            return "used as swap";
        }
    }

    /**
     * A device that is stacked on the disk: md, device-mapper, bcache.
     *
     * @param name its name, for example {@code dm-0}
     * @param mapped the name that device-mapper shows, for example {@code vg-data}
     * @param above the user of that device
     */
    record Holder(String name, Optional<String> mapped, Optional<User> above) implements User {
        @Override
        public String describe() {
            return "held by " + name + mapped.map(text -> " (" + text + ")").orElse("") + behind(above);
        }
    }

    /**
     * An imported ZFS pool.
     *
     * @param above the user of the pool
     */
    record ZfsPool(String name, Optional<User> above) implements User {
        @Override
        public String describe() {
            return "held by the ZFS pool " + name + behind(above);
        }
    }

    /**
     * Somebody who has the IOMMU group of the device open.
     *
     * @param number the number of the group
     */
    record VfioGroup(String number) implements User {
        @Override
        public String describe() {
            return "its VFIO group " + number + " is open";
        }
    }

    /** A compressed memory disk that writes to the disk. */
    record Zram(String name) implements User {
        @Override
        public String describe() {
            return "backs " + name;
        }
    }

    /** A device with a driver that needs the device, and that has come since the shutdown was planned. */
    record Dependent(String name) implements User {
        @Override
        public String describe() {
            return "needed by " + name + ", which has come meanwhile";
        }
    }

    /**
     * A process that has the node open.
     *
     * @param pid its number
     * @param command the name of its executable; empty if the process has ended meanwhile
     * @param unit its innermost unit of systemd; empty if it has none, or is in a container
     * @param container the beginning of the identifier of its container
     */
    record Opener(int pid, Optional<String> command, Optional<String> unit, Optional<String> container)
            implements User {
        @Override
        public String describe() {
            return "open by " + process();
        }

        /** Returns the process in words, for example {@code postgres (process 4711 of postgresql.service)}. */
        public String process() {
            return command.orElse("a process that has ended") + " (process " + pid
                    + container
                            .map(id -> "container " + id)
                            .or(() -> unit)
                            .map(name -> " of " + name)
                            .orElse("") + ")";
        }
    }

    /**
     * A loop device that is bound to the disk.
     *
     * @param above the user of the loop device
     */
    record Loop(String name, Optional<User> above) implements User {
        @Override
        public String describe() {
            return "what " + name + " is bound to" + behind(above);
        }
    }

    /**
     * A part of the kernel that serves the disk to another machine.
     *
     * @param name the name under which it is served; empty if it shows none
     */
    record Export(Exporter by, Optional<String> name) implements User {
        @Override
        public String describe() {
            return "exported by " + by.words + name.map(text -> by.joint + text).orElse("");
        }
    }

    /** What serves a disk to another machine. */
    enum Exporter {
        /** The NVMe target. */
        NVMET("nvmet", " as "),
        /** The SCSI target. */
        LIO("LIO", " as "),
        /** The mass storage function of a USB gadget. */
        USB_GADGET("the USB gadget", " "),
        /** The RDMA network block device. */
        RNBD("RNBD", " as "),
        /** The block backend of Xen. */
        XEN("Xen", " as ");

        private final String words;
        private final String joint;

        Exporter(String words, String joint) {
            this.words = words;
            this.joint = joint;
        }
    }

    /** The heartbeat of an OCFS2 cluster. */
    record Heartbeat(String cluster) implements User {
        @Override
        public String describe() {
            return "used by the heartbeat of cluster " + cluster;
        }
    }

    /** Somebody who has it open, for which the kernel refuses to stop it, and who is seen nowhere else. */
    record Open() implements User {
        @Override
        public String describe() {
            return "open by somebody who shows nowhere";
        }
    }

    /** Somebody who has the kernel's exclusive claim, and is seen nowhere else. */
    record Unlisted() implements User {
        @Override
        public String describe() {
            return "claimed by a holder that shows nowhere";
        }
    }

    /** Somebody who reads or writes the disk, and is seen nowhere else. */
    record Traffic() implements User {
        @Override
        public String describe() {
            return "it is read or written by somebody who shows nowhere";
        }
    }

    /** The disk does not count its requests ({@code queue/iostats}), so that a user would not be seen. */
    record Uncounted() implements User {
        @Override
        public String describe() {
            return "who reads or writes it cannot be seen, for queue/iostats is 0";
        }
    }

    /** The users cannot be determined, so that there may be any. */
    record Undetermined(String error) implements User {
        @Override
        public String describe() {
            return "who has it open cannot be found out: " + error;
        }
    }

    /** A user that is known only in words, from a machine file. */
    record Described(String text) implements User {
        @Override
        public String describe() {
            return text;
        }
    }

    /**
     * The user of a node that is not the disk itself: a partition, or a character device.
     *
     * @param node the name of the node
     */
    record At(String node, User user) implements User {
        @Override
        public String describe() {
            return node + " is " + user.describe();
        }
    }

    private static String behind(Optional<User> above) {
        return above.map(user -> ", " + user.describe()).orElse("");
    }
}
