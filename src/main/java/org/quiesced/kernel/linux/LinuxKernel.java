// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;
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
import org.quiesced.kernel.ScsiCounters;
import org.quiesced.kernel.SharedClaims;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.kernel.Usage;
import org.quiesced.linux.NativeFile;

/** The kernel that this process runs on. */
public final class LinuxKernel implements Kernel {
    private final SysfsTree tree;
    private final BlockClaims claims;
    private final Usage usage;
    private final PageCache pageCache;
    private final Drivers drivers;
    private final Holders holders;
    private final GracePeriods gracePeriods;
    private final Attributes attributes;
    private final NvmeCommands nvme;
    private final NvmeRegisters registers;
    private final LinuxScsiCommands scsi;
    private final DueStops dueStops;
    private final KernelMessages messages;

    private LinuxKernel(SysfsTree tree, Path sys, Path proc, Path dev, Path run, boolean isStandIn) {
        this.tree = tree;
        DeviceNode.Opener opener = isStandIn ? NativeFile::openStandIn : NativeFile::open;
        long process = ProcessHandle.current().pid();
        MountTable mounts = new MountTable(sys, proc);
        this.claims = new SharedClaims(new LinuxBlockClaims(sys, dev, mounts));
        this.usage =
                new LinuxUsage(sys, proc, dev, disk -> mounts.get().of(disk).map(DiskUser::user));
        this.pageCache = new LinuxPageCache(sys, dev, opener);
        this.drivers = new LinuxDrivers(sys);
        this.holders = new LinuxHolders(sys, dev, opener);
        this.gracePeriods = new SysfsGracePeriods(sys, run.resolve("rcu_expedited"), proc, process);
        this.attributes = new SysfsAttributes(sys);
        this.nvme = new LinuxNvmeCommands(dev, opener);
        this.registers = new LinuxNvmeRegisters(sys, proc, dev, opener, isStandIn);
        this.scsi = new LinuxScsiCommands(sys, dev, opener);
        this.dueStops = new StopNotes(run.resolve("stops"), proc, process);
        this.messages = new KmsgReader(dev);
    }

    /**
     * Creates the port to the running kernel, at {@code /sys}, {@code /proc} and {@code /dev}.
     *
     * @param attributes the attributes that are read with the tree
     */
    public static LinuxKernel running(TreeAttributes attributes) {
        SysfsTree tree = new SysfsTree(Path.of("/sys"), attributes);
        return new LinuxKernel(
                tree, Path.of("/sys"), Path.of("/proc"), Path.of("/dev"), Path.of("/run/quiesced"), false);
    }

    /**
     * Creates a port to files in place of a kernel. All system calls are made; a command that fails because the node is
     * not a device (ENOTTY) counts as successful, with an answer of zeros.
     *
     * @param dev a directory in which each device node is a link to {@code /dev/null}
     * @param run the directory for notes to later processes
     * @param attributes the attributes that are read with the tree
     */
    public static LinuxKernel onFiles(Path sys, Path proc, Path dev, Path run, TreeAttributes attributes) {
        return new LinuxKernel(new SysfsTree(sys, attributes), sys, proc, dev, run, true);
    }

    @Override
    public DeviceTree readTree() throws IOException {
        return tree.read();
    }

    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        return tree.readBelow(device);
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public BlockClaims claims() {
        return claims;
    }

    @Override
    public PageCache pageCache() {
        return pageCache;
    }

    @Override
    public Drivers drivers() {
        return drivers;
    }

    @Override
    public Holders holders() {
        return holders;
    }

    @Override
    public GracePeriods gracePeriods() {
        return gracePeriods;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public NvmeCommands nvme() {
        return nvme;
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return registers;
    }

    /** Returns the counters of SCSI disks. */
    public ScsiCounters scsiCounters() {
        return scsi.counters();
    }

    @Override
    public ScsiCommands scsi() {
        return scsi;
    }

    @Override
    public DueStops dueStops() {
        return dueStops;
    }

    @Override
    public KernelMessages messages() {
        return messages;
    }
}
