// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.ScsiCounters;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.shutdown.Verb;

/** SCSI, SATA and SAS disks. */
final class ScsiDisk implements DriveType {
    private static final String BUS = "scsi";
    private static final String DRIVER = "sd";
    private static final DriverBinding BINDING = new DriverBinding(BUS, DRIVER, "*:*");
    private static final ShutdownMethod METHOD = new ScsiMethod();

    @Override
    public DriverBinding binding() {
        return BINDING;
    }

    @Override
    public ShutdownMethod method() {
        return METHOD;
    }

    /** {@inheritDoc} The kernel shows the name of the logical unit (VPD page 83h, SPC-5) in {@code wwid}. */
    @Override
    public Optional<DriveIdentity> identity(Device drive, Storage storage, Attributes attributes) {
        return DriveIdentity.of(drive, "model", ScsiIdentity.ATTRIBUTE, attributes);
    }

    @Override
    public Optional<BigInteger> startStopCycles(Device drive, Attributes attributes, ScsiCounters counters)
            throws IOException {
        // Adapters show the address of a SAS disk. Other disks seldom have the page, and some bridges to USB hang on
        // commands that they do not know.
        boolean isSas = attributes.read(drive, "sas_address").isPresent()
                && !drive.attribute("vendor").map(String::strip).equals(Optional.of("ATA"));
        return isSas && ScsiMethod.isAwake(drive, attributes) ? counters.startStopCycles(drive) : Optional.empty();
    }

    @Override
    public Set<Settings.Key> keys() {
        return Set.of(Settings.Key.FLUSH, Settings.Key.STOP);
    }

    @Override
    public TreeAttributes attributes() {
        return new TreeAttributes(Map.of(
                BUS,
                List.of("vendor", "model", "state", "power/runtime_status", ScsiIdentity.ATTRIBUTE),
                ScsiMethod.CLASS,
                List.of(
                        "cache_type",
                        "manage_start_stop",
                        "manage_system_start_stop",
                        "manage_runtime_start_stop",
                        "manage_shutdown",
                        "manage_restart")));
    }

    @Override
    public TreeAttributes capturedAttributes() {
        return new TreeAttributes(Map.of(BUS, List.of("type", "rev", ScsiIdentity.ATTRIBUTE)));
    }

    @Override
    public Set<String> watchedSubsystems() {
        return Set.of(BUS, ScsiMethod.CLASS);
    }

    @Override
    public Optional<String> diskIdentity(Device drive) {
        return ScsiIdentity.of(drive);
    }

    @Override
    public void flush(Device disk, Kernel kernel) throws IOException {
        kernel.scsi().synchronizeCache(disk);
    }

    @Override
    public void stop(Device drive, Kernel kernel) throws IOException {
        kernel.scsi().stop(drive);
    }

    /** {@inheritDoc} Only a disk that is stopped takes time. */
    @Override
    public boolean isAwaitedByKernel(Device drive, Storage storage, Verb verb) {
        return storage.firstBelow(drive, ScsiMethod.CLASS)
                .map(disk -> StopPolicy.isWanted(verb, disk::attribute))
                .orElse(false);
    }

    @Override
    public SampleDrive sample(int number) {
        String name = "0:0:" + number + ":0";
        String path = "/devices/pci0000:00/host0/target0:0:" + number + "/" + name;
        return new SampleDrive(
                List.of(
                        SampleDrive.bound(path, BUS, DRIVER),
                        SampleDrive.ofClass(
                                path + "/scsi_disk/" + name,
                                ScsiMethod.CLASS,
                                Map.of("cache_type", "write back", "manage_start_stop", "1")),
                        SampleDrive.ofClass(path + "/block/sd" + (char) ('a' + number), "block", Map.of())),
                List.of("bsg/" + name));
    }
}
