// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;

/** A user of a disk. */
public sealed interface User {
    /** Returns a description, for example {@code mounted on /srv}. */
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
     * A process that has the IOMMU group of the device open.
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

    /** A device with a driver that needs the device, and that has appeared since the plan was made. */
    record Dependent(String name) implements User {
        @Override
        public String describe() {
            return "needed by " + name + ", which has appeared since";
        }
    }

    /**
     * A process that has the node open.
     *
     * @param pid its process ID
     * @param command the name of its executable; empty if the process has ended
     * @param unit its innermost systemd unit; empty if it has none, or is in a container
     * @param container the first characters of the identifier of its container
     */
    record Opener(int pid, Optional<String> command, Optional<String> unit, Optional<String> container)
            implements User {
        @Override
        public String describe() {
            return "open by " + process();
        }

        /** Returns a description of the process, for example {@code postgres (process 4711 of postgresql.service)}. */
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
     * A part of the kernel that exports the disk to another machine.
     *
     * @param name the name of the export; empty if it shows none
     */
    record Export(Exporter by, Optional<String> name) implements User {
        @Override
        public String describe() {
            return "exported by " + by.words + name.map(text -> by.joint + text).orElse("");
        }
    }

    /** The parts of the kernel that export disks. */
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
        XEN("Xen", " as "),
        /** The SCSI target SCST, which is not part of Linux itself. */
        SCST("SCST", " as ");

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

    /** An unknown process that has a holder open, so that the kernel refuses to stop the holder. */
    record Open() implements User {
        @Override
        public String describe() {
            return "open by an unknown process";
        }
    }

    /** An unknown user that has the kernel's exclusive claim. */
    record Unlisted() implements User {
        @Override
        public String describe() {
            return "claimed by an unknown holder";
        }
    }

    /** An unknown user that reads or writes the disk. */
    record Traffic() implements User {
        @Override
        public String describe() {
            return "read or written by an unknown user";
        }
    }

    /** The disk does not count its requests ({@code queue/iostats}), so that users cannot be excluded. */
    record Uncounted() implements User {
        @Override
        public String describe() {
            return "its requests are not counted, because queue/iostats is 0";
        }
    }

    /** The users cannot be determined, so that none can be excluded. */
    record Undetermined(String error) implements User {
        @Override
        public String describe() {
            return "its openers cannot be determined: " + error;
        }
    }

    /** A user of a machine file, by its description. */
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
