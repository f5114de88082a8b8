// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import org.quiesced.kernel.SentFlushes;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.VisibleUsers;

/** Delegates to another kernel; a subclass overrides single calls. Implements the parts of the kernel itself. */
abstract class Disguised
        implements Kernel,
                BlockClaims,
                PageCache,
                Usage,
                Drivers,
                Attributes,
                NvmeCommands,
                ScsiCommands,
                GracePeriods {
    private final Kernel kernel;

    Disguised(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public DeviceTree readTree() throws IOException {
        return kernel.readTree();
    }

    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        return kernel.readBelow(device);
    }

    @Override
    public Usage usage() {
        return this;
    }

    @Override
    public BlockClaims claims() {
        return this;
    }

    @Override
    public PageCache pageCache() {
        return this;
    }

    @Override
    public Drivers drivers() {
        return this;
    }

    @Override
    public Holders holders() {
        return kernel.holders();
    }

    @Override
    public GracePeriods gracePeriods() {
        return this;
    }

    @Override
    public Attributes attributes() {
        return this;
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return kernel.nvmeRegisters();
    }

    @Override
    public NvmeCommands nvme() {
        return this;
    }

    @Override
    public ScsiCommands scsi() {
        return this;
    }

    @Override
    public DueStops dueStops() {
        return kernel.dueStops();
    }

    @Override
    public KernelMessages messages() {
        return kernel.messages();
    }

    @Override
    public Users scan() throws IOException {
        return kernel.usage().scan();
    }

    @Override
    public Traffic traffic(Device disk) throws IOException {
        return kernel.usage().traffic(disk);
    }

    @Override
    public Claim claim(Device disk) throws IOException {
        return kernel.claims().claim(disk);
    }

    @Override
    public VisibleUsers visibleUsers() {
        return kernel.claims().visibleUsers();
    }

    @Override
    public void writeBack(Device device) throws IOException {
        kernel.pageCache().writeBack(device);
    }

    @Override
    public Optional<String> present(Device device) {
        return kernel.drivers().present(device);
    }

    @Override
    public void unbind(Device device) throws IOException {
        kernel.drivers().unbind(device);
    }

    @Override
    public void awaitUnbound(Device device) throws IOException {
        kernel.drivers().awaitUnbound(device);
    }

    @Override
    public void bind(Device device) throws IOException {
        kernel.drivers().bind(device);
    }

    @Override
    public List<String> boundDependents(Device device, DeviceTree below) throws IOException {
        return kernel.drivers().boundDependents(device, below);
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return kernel.drivers().parameter(module, name);
    }

    @Override
    public Optional<String> read(Device device, String name) {
        return kernel.attributes().read(device, name);
    }

    @Override
    public List<String> writable(Device device) throws IOException {
        return kernel.attributes().writable(device);
    }

    @Override
    public void write(Device device, String name, String value) throws IOException {
        kernel.attributes().write(device, name, value);
    }

    @Override
    public Identity identify(Device controller, Duration limit) throws IOException {
        return kernel.nvme().identify(controller, limit);
    }

    @Override
    public Identity identify(Device controller) throws IOException {
        return kernel.nvme().identify(controller);
    }

    @Override
    public Health health(Device controller) throws IOException {
        return kernel.nvme().health(controller);
    }

    @Override
    public void flush(Device disk) throws IOException {
        kernel.nvme().flush(disk);
    }

    @Override
    public SentFlushes sentFlushes() {
        return kernel.nvme().sentFlushes();
    }

    @Override
    public void synchronizeCache(Device disk) throws IOException {
        kernel.scsi().synchronizeCache(disk);
    }

    @Override
    public void stop(Device device) throws IOException {
        kernel.scsi().stop(device);
    }

    @Override
    public Runnable expedite() {
        return kernel.gracePeriods().expedite();
    }

    @Override
    public boolean recover() {
        return kernel.gracePeriods().recover();
    }
}
