// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.DueStops;
import org.quiesced.kernel.GracePeriods;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.PageCache;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.Usage;

/** A kernel with one part replaced by a test. */
public class Altered implements Kernel {
    private final Kernel rest;

    private Altered(Kernel rest) {
        this.rest = rest;
    }

    /** Reads the device tree. */
    @FunctionalInterface
    public interface Trees {
        DeviceTree read() throws IOException;
    }

    /** Returns a kernel with another reader of its device tree. */
    public static Kernel with(Trees trees, Kernel rest) {
        return new Altered(rest) {
            @Override
            public DeviceTree readTree() throws IOException {
                return trees.read();
            }
        };
    }

    /** Returns a kernel with another way to determine who uses disks, without claims. */
    public static Kernel with(Usage usage, Kernel rest) {
        return new Altered(rest) {
            @Override
            public Usage usage() {
                return usage;
            }
        };
    }

    /** Returns a kernel with other claims of disks. */
    public static Kernel with(BlockClaims claims, Kernel rest) {
        return new Altered(rest) {
            @Override
            public BlockClaims claims() {
                return claims;
            }
        };
    }

    /** Returns a kernel with another cache of the content of disks. */
    public static Kernel with(PageCache pageCache, Kernel rest) {
        return new Altered(rest) {
            @Override
            public PageCache pageCache() {
                return pageCache;
            }
        };
    }

    /** Returns a kernel with other attributes. */
    public static Kernel with(Attributes attributes, Kernel rest) {
        return new Altered(rest) {
            @Override
            public Attributes attributes() {
                return attributes;
            }
        };
    }

    /** Returns a kernel with other drivers. */
    public static Kernel with(Drivers drivers, Kernel rest) {
        return new Altered(rest) {
            @Override
            public Drivers drivers() {
                return drivers;
            }
        };
    }

    /** Returns a kernel with other answers of its SCSI disks. */
    public static Kernel with(ScsiCommands scsi, Kernel rest) {
        return new Altered(rest) {
            @Override
            public ScsiCommands scsi() {
                return scsi;
            }
        };
    }

    /** Returns a kernel with other answers of its NVMe drives. */
    public static Kernel with(NvmeCommands nvme, Kernel rest) {
        return new Altered(rest) {
            @Override
            public NvmeCommands nvme() {
                return nvme;
            }
        };
    }

    /** Returns a kernel with other holders of disks. */
    public static Kernel with(Holders holders, Kernel rest) {
        return new Altered(rest) {
            @Override
            public Holders holders() {
                return holders;
            }
        };
    }

    @Override
    public DeviceTree readTree() throws IOException {
        return rest.readTree();
    }

    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        return rest.readBelow(device);
    }

    @Override
    public Usage usage() {
        return rest.usage();
    }

    @Override
    public BlockClaims claims() {
        return rest.claims();
    }

    @Override
    public PageCache pageCache() {
        return rest.pageCache();
    }

    @Override
    public Attributes attributes() {
        return rest.attributes();
    }

    @Override
    public Drivers drivers() {
        return rest.drivers();
    }

    @Override
    public ScsiCommands scsi() {
        return rest.scsi();
    }

    @Override
    public NvmeCommands nvme() {
        return rest.nvme();
    }

    @Override
    public Holders holders() {
        return rest.holders();
    }

    @Override
    public GracePeriods gracePeriods() {
        return rest.gracePeriods();
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return rest.nvmeRegisters();
    }

    @Override
    public DueStops dueStops() {
        return rest.dueStops();
    }

    @Override
    public KernelMessages messages() {
        return rest.messages();
    }
}
