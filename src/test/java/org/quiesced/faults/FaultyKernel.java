// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Counters;
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
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.work.WorkerSource;

/** A simulated kernel that numbers and records the calls of a run, and injects faults into them. */
final class FaultyKernel implements Kernel {
    private final SimulatedKernel kernel;
    private final Stage stage;
    private final FaultyCalls calls;

    FaultyKernel(SimulatedKernel kernel, Stage stage, Lockstep time, List<Injection> injections) {
        this.kernel = kernel;
        this.stage = stage;
        this.calls = new FaultyCalls(kernel, stage, time, injections);
    }

    /** Returns the calls so far, in the order of their beginnings. */
    List<Call> calls() {
        return calls.made();
    }

    /** Returns the next position in the sequence of calls, returns and events. */
    int place() {
        return calls.place();
    }

    SimulatedKernel simulated() {
        return kernel;
    }

    DiskHistory disks() {
        return calls.disks();
    }

    WorkerSource workers() {
        return new FaultyWorkers(kernel.workers(), calls);
    }

    @Override
    public DeviceTree readTree() {
        return kernel.readTree();
    }

    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        return calls.call(Site.READ_BELOW, device, () -> {
            DeviceTree whole = stage.below(device);
            return calls.takePartOnly()
                    ? DeviceTree.of(
                            whole.devices().stream()
                                    .filter(below -> below.equals(device) || !below.isA("block"))
                                    .toList(),
                            List.of())
                    : whole;
        });
    }

    @Override
    public Usage usage() {
        return new Usage() {
            @Override
            public Users scan() throws IOException {
                return calls.call(Site.LOOK, null, () -> {
                    Users users = kernel.usage().scan();
                    Set<String> open = disks().written();
                    return below -> users.of(below)
                            .or(() -> below.devices().stream()
                                    .filter(device -> open.contains(device.path()))
                                    .findFirst()
                                    .map(device ->
                                            new User.At(device.name(), new User.Described("open by a process"))));
                });
            }

            @Override
            public Traffic traffic(Device disk) throws IOException {
                return calls.call(
                        Site.TRAFFIC,
                        disk,
                        () -> disks().writtenSince(disk).isPresent()
                                ? Counters.writes(0, 7, 56)
                                : kernel.usage().traffic(disk));
            }
        };
    }

    @Override
    public BlockClaims claims() {
        return new FaultyClaims(kernel.claims(), calls);
    }

    /** {@inheritDoc} A call for a partition counts as one for its disk, because faults happen to disks. */
    @Override
    public PageCache pageCache() {
        return device -> calls.act(
                Site.WRITE_BACK,
                diskOf(device),
                device.name(),
                () -> kernel.pageCache().writeBack(device));
    }

    private Device diskOf(Device part) {
        return kernel.readTree()
                .parent(part)
                .filter(above -> above.isA("block"))
                .orElse(part);
    }

    @Override
    public Drivers drivers() {
        return new FaultyDrivers(kernel.drivers(), calls);
    }

    @Override
    public Holders holders() {
        return new FaultyHolders(kernel.holders(), calls);
    }

    @Override
    public GracePeriods gracePeriods() {
        GracePeriods gracePeriods = kernel.gracePeriods();
        return new GracePeriods() {
            @Override
            public Runnable expedite() {
                return calls.orNothing(Site.EXPEDITE, null, "", () -> Optional.of(gracePeriods.expedite()))
                        .orElse(() -> {});
            }

            @Override
            public boolean recover() {
                return gracePeriods.recover();
            }
        };
    }

    /** Sorts names whose order differs between Java virtual machines, because otherwise no run could be replayed. */
    private static List<String> inOrder(List<String> names) {
        return names.stream().sorted().toList();
    }

    @Override
    public Attributes attributes() {
        Attributes attributes = kernel.attributes();
        return new Attributes() {
            @Override
            public Optional<String> read(Device device, String name) {
                return calls.orNothing(Site.READ, device, name, () -> attributes.read(device, name));
            }

            @Override
            public List<String> writable(Device device) throws IOException {
                try {
                    return calls.call(Site.WRITABLE, device, () -> inOrder(attributes.writable(device)));
                } catch (NoSuchFileException e) {
                    return List.of();
                }
            }

            @Override
            public void write(Device device, String name, String value) throws IOException {
                calls.act(Site.WRITE, device, name + "=" + value, () -> attributes.write(device, name, value));
            }
        };
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return new FaultyRegisters(kernel.nvmeRegisters(), calls);
    }

    @Override
    public NvmeCommands nvme() {
        return new NvmeCommands() {
            @Override
            public Identity identify(Device controller) throws IOException {
                return calls.call(Site.IDENTIFY, controller, () -> kernel.nvme().identify(controller));
            }

            @Override
            public Identity identify(Device controller, Duration limit) throws IOException {
                return calls.call(Site.IDENTIFY, controller, () -> kernel.nvme().identify(controller, limit));
            }

            @Override
            public Health health(Device controller) {
                return new Health(BigInteger.ONE, BigInteger.ZERO);
            }

            @Override
            public void flush(Device namespace) throws IOException {
                calls.act(Site.FLUSH, namespace, () -> kernel.nvme().flush(namespace));
            }

            @Override
            public SentFlushes sentFlushes() {
                return kernel.nvme().sentFlushes();
            }
        };
    }

    @Override
    public ScsiCommands scsi() {
        return new ScsiCommands() {
            @Override
            public void synchronizeCache(Device disk) throws IOException {
                calls.act(Site.SYNC, disk, () -> kernel.scsi().synchronizeCache(disk));
            }

            @Override
            public void stop(Device scsiDevice) throws IOException {
                calls.act(Site.STOP, scsiDevice, () -> kernel.scsi().stop(scsiDevice));
            }
        };
    }

    @Override
    public DueStops dueStops() {
        return kernel.dueStops();
    }

    @Override
    public KernelMessages messages() {
        return () -> {
            Optional<KernelMessages.Mark> mark = calls.orNothing(
                    Site.MARK, null, "", () -> Optional.of(kernel.messages().mark()));
            return new KernelMessages.Mark() {
                @Override
                public List<String> lines() {
                    return calls.orNothing(Site.LINES, null, "", () -> mark.map(KernelMessages.Mark::lines))
                            .orElse(List.of());
                }

                @Override
                public void close() {
                    mark.ifPresent(KernelMessages.Mark::close);
                }
            };
        };
    }
}
