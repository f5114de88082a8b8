// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.DueStops;
import org.quiesced.kernel.GracePeriods;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.SentFlushes;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/** A simulated kernel that numbers and records the calls of a run, and injects faults into them. */
final class FaultyKernel implements Kernel, WorkerSource {
    /** The first calls of a device's task. */
    private static final Set<Site> TASK_BEGINS =
            EnumSet.of(Site.IS_BOUND, Site.IS_THERE, Site.STOP, Site.BIND, Site.ANNOUNCE);

    private final SimulatedKernel kernel;
    private final Stage stage;
    private final Lockstep time;
    private final List<Injection> injections;
    private final List<Call> calls = new ArrayList<>();
    private final Map<Injection, Call> befallen = new HashMap<>();
    private boolean partOnly;
    private final Map<Integer, Device> tasks = new HashMap<>();
    private final Set<String> vanished = new HashSet<>();
    private final Map<String, Integer> claimed = new HashMap<>();
    private final Map<String, Integer> mounted = new HashMap<>();
    private final Map<String, Integer> written = new HashMap<>();
    private final Map<String, Integer> released = new HashMap<>();
    private final long begin;
    private int sequence;

    FaultyKernel(SimulatedKernel kernel, Stage stage, Lockstep time, List<Injection> injections) {
        this.kernel = kernel;
        this.stage = stage;
        this.time = time;
        this.begin = time.now();
        this.injections = injections;
    }

    @FunctionalInterface
    private interface Body<T> {
        T run() throws IOException;
    }

    /** Returns the calls so far, in the order of their beginnings. */
    List<Call> calls() {
        return calls;
    }

    /** Returns the next position in the sequence of calls, returns and events. */
    int place() {
        return sequence++;
    }

    SimulatedKernel simulated() {
        return kernel;
    }

    boolean hasVanished(Device device) {
        return vanished.contains(stage.ownerOf(device).path());
    }

    /** Returns the position from which a disk has been mounted during the run; empty if it was not mounted. */
    Optional<Integer> mountedSince(Device disk) {
        return Optional.ofNullable(mounted.get(disk.path()));
    }

    /** Returns the position at which a process opened a disk and wrote to it during the run; empty if none did. */
    Optional<Integer> writtenSince(Device disk) {
        return Optional.ofNullable(written.get(disk.path()));
    }

    /** Removes every second user of the machine and every second opener, as the late phase finds them. */
    void letGoOfHalf() {
        boolean goes = true;
        for (String disk : new TreeSet<>(stage.machine().uses().keySet())) {
            if (goes) {
                kernel.letGo(disk);
                released.putIfAbsent(disk, place());
            }
            goes = !goes;
        }
        for (String node : new TreeSet<>(stage.machine().openers().keySet())) {
            if (goes) {
                kernel.closeNode(node);
                released.put(node, place());
            }
            goes = !goes;
        }
    }

    /**
     * Returns whether a device had a user or an opener of the machine at a position. These are present from the
     * beginning.
     */
    boolean isUsedAt(Device device, int place) {
        String path = device.path();
        return (stage.machine().uses().containsKey(path)
                        || stage.machine().openers().containsKey(path))
                && place < released.getOrDefault(path, Integer.MAX_VALUE);
    }

    /** Returns the number of held claims on disks. */
    int claimsHeld() {
        return claimed.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Call begin(Site site, Device device, String text) {
        // A worker's check whether it may act and the act itself are atomic, so do not give way before a change.
        if (!site.changes() && site != Site.START && site != Site.START_RESERVED) {
            time.giveWay();
        }
        if (TASK_BEGINS.contains(site)) {
            tasks.put(time.strand(), device);
        }
        Call call = new Call(
                calls.size(), site, device, tasks.get(time.strand()), time.strand(), place(), time.now() - begin);
        call.text = text;
        calls.add(call);
        return call;
    }

    private <T> T call(Site site, Device device, Body<T> body) throws IOException {
        return call(site, device, "", body);
    }

    private <T> T call(Site site, Device device, String text, Body<T> body) throws IOException {
        Call call = begin(site, device, text);
        try {
            for (Injection injection : injections) {
                // After a first fault, the number of the second may denote a call that cannot have this fault.
                if (befalls(injection, call) && call.site.faults().contains(injection.wrong())) {
                    happen(injection.wrong(), call);
                }
            }
            if (device != null && hasVanished(device)) {
                throw new NoSuchFileException(device.name(), null, site + ": No such device");
            }
            T result = body.run();
            call.succeeded = true;
            return result;
        } finally {
            call.ended = place();
            call.to = time.now() - begin;
        }
    }

    private boolean befalls(Injection injection, Call call) {
        if (injection.call() == call.number) {
            befallen.put(injection, call);
            return true;
        }
        Call first = befallen.get(injection);
        return injection.forGood()
                && first != null
                && first.site == call.site
                && (first.device == null ? call.device == null : first.device.equals(call.device));
    }

    private void happen(Wrong wrong, Call call) throws IOException {
        switch (wrong.kind()) {
            case FAILS -> {
                String error = call.site.error(wrong.number());
                if (error.equals("in use")) {
                    throw new DeviceInUseException(call.device, new User.Described("somebody"));
                }
                throw new IOException(call.device + ": " + call.site + ": " + error);
            }
            case LATE -> time.spend(wrong.number() * 1_000_000_000L);
            case DEFECT -> {
                if (Site.DEFECTS.get(wrong.number()).equals("defect")) {
                    throw new IllegalStateException("injected into " + call.site);
                }
                throw new OutOfMemoryError("injected into " + call.site);
            }
            case PARTIAL -> partOnly = true;
            case VANISHES -> vanished.add(stage.ownerOf(call.device).path());
            case MOUNTED ->
                stage.firstDiskOf(call.device)
                        .filter(disk -> claimed.getOrDefault(disk.path(), 0) == 0 && isThere(disk))
                        .ifPresent(disk -> mounted.putIfAbsent(disk.path(), place()));
            case WRITTEN ->
                stage.firstDiskOf(call.device)
                        .filter(disk -> isThere(disk))
                        .ifPresent(disk -> written.putIfAbsent(disk.path(), place()));
        }
    }

    /** Returns whether a disk exists, which it does until its driver is removed. */
    private boolean isThere(Device disk) {
        return !hasVanished(disk) && kernel.drivers().isBound(stage.ownerOf(disk));
    }

    /** Executes a call that reports a failure by an empty result. */
    private <T> Optional<T> orNothing(Site site, Device device, String text, Body<Optional<T>> body) {
        try {
            return call(site, device, text, body);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public DeviceTree readTree() {
        return kernel.readTree();
    }

    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        return call(Site.READ_BELOW, device, () -> {
            boolean wanting = partOnly;
            partOnly = false;
            DeviceTree whole = stage.below(device);
            return wanting
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
                return call(Site.LOOK, null, () -> {
                    Users users = kernel.usage().scan();
                    Set<String> open = Set.copyOf(written.keySet());
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
                return call(
                        Site.TRAFFIC,
                        disk,
                        () -> written.containsKey(disk.path())
                                ? new Traffic(0, 7, 56)
                                : kernel.usage().traffic(disk));
            }
        };
    }

    @Override
    public BlockClaims claims() {
        return new BlockClaims() {
            @Override
            public Claim claim(Device disk) throws IOException {
                try {
                    return call(Site.CLAIM, disk, () -> {
                        if (mounted.containsKey(disk.path())) {
                            throw new DeviceInUseException(disk, new User.Described("mounted on /new"));
                        }
                        Claim claim = kernel.claims().claim(disk);
                        claimed.merge(disk.path(), 1, Integer::sum);
                        return () -> close(disk, claim);
                    });
                } catch (IOException e) {
                    if (hasVanished(disk)) {
                        // A disk that is gone has no user.
                        return () -> {};
                    }
                    throw e;
                }
            }

            @Override
            public VisibleUsers visibleUsers() {
                return kernel.claims().visibleUsers();
            }
        };
    }

    private void close(Device disk, BlockClaims.Claim claim) {
        orNothing(Site.CLOSE, disk, "", Optional::empty);
        claimed.merge(disk.path(), -1, Integer::sum);
        claim.close();
    }

    @Override
    public Drivers drivers() {
        Drivers drivers = kernel.drivers();
        return new Drivers() {
            @Override
            public Optional<String> present(Device device) {
                return orNothing(Site.IS_BOUND, device, "", () -> drivers.present(device));
            }

            @Override
            public void unbind(Device device) throws IOException {
                call(Site.UNBIND, device, () -> {
                    drivers.unbind(device);
                    return true;
                });
            }

            @Override
            public void awaitUnbound(Device device) throws IOException {
                try {
                    call(Site.AWAIT_UNBOUND, device, () -> {
                        drivers.awaitUnbound(device);
                        return true;
                    });
                } catch (IOException e) {
                    // A vanished device has no driver to wait for.
                    if (!hasVanished(device)) {
                        throw e;
                    }
                }
            }

            @Override
            public void bind(Device device) throws IOException {
                call(Site.BIND, device, () -> {
                    drivers.bind(device);
                    return true;
                });
            }

            @Override
            public List<String> boundDependents(Device device, DeviceTree below) throws IOException {
                return call(Site.DEPENDENTS, device, () -> drivers.boundDependents(device, below));
            }

            @Override
            public Optional<String> parameter(String module, String name) {
                return orNothing(Site.PARAMETER, null, "", () -> drivers.parameter(module, name));
            }
        };
    }

    @Override
    public Holders holders() {
        Holders holders = kernel.holders();
        return new Holders() {
            @Override
            public boolean isThere(Device holder) {
                return !hasVanished(holder)
                        && orNothing(Site.IS_THERE, holder, "", () -> Optional.of(holders.isThere(holder)))
                                .orElse(true);
            }

            @Override
            public void stop(Device holder) throws IOException {
                call(Site.STOP_HOLDER, holder, () -> {
                    holders.stop(holder);
                    for (Device disk : stage.machine().tree().devices()) {
                        if (stage.machine().uses().containsKey(disk.path()) && !kernel.isUsedAt(disk, time.now())) {
                            released.putIfAbsent(disk.path(), place());
                        }
                    }
                    return true;
                });
            }

            @Override
            public void announce(Device holder) throws IOException {
                call(Site.ANNOUNCE, holder, () -> {
                    holders.announce(holder);
                    return true;
                });
            }
        };
    }

    @Override
    public GracePeriods gracePeriods() {
        GracePeriods gracePeriods = kernel.gracePeriods();
        return new GracePeriods() {
            @Override
            public Runnable expedite() {
                return orNothing(Site.EXPEDITE, null, "", () -> Optional.of(gracePeriods.expedite()))
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
                return orNothing(Site.READ, device, name, () -> attributes.read(device, name));
            }

            @Override
            public List<String> writable(Device device) throws IOException {
                try {
                    return call(Site.WRITABLE, device, () -> inOrder(attributes.writable(device)));
                } catch (NoSuchFileException e) {
                    return List.of();
                }
            }

            @Override
            public void write(Device device, String name, String value) throws IOException {
                call(Site.WRITE, device, name + "=" + value, () -> {
                    attributes.write(device, name, value);
                    return true;
                });
            }
        };
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return new FaultyRegisters(kernel.nvmeRegisters());
    }

    /**
     * Records accesses to registers as calls that the rules know: the shutdown notification as the removal of a driver,
     * and the opening of the registers before it as the write of an attribute, which has to be completed.
     */
    private final class FaultyRegisters implements NvmeRegisters {
        private final NvmeRegisters registers;

        FaultyRegisters(NvmeRegisters registers) {
            this.registers = registers;
        }

        @Override
        public Claim claim(Device controller) throws IOException {
            return call(Site.CLAIM, controller, () -> {
                Claim claim = registers.claim(controller);
                claimed.merge(controller.path(), 1, Integer::sum);
                return new FaultyClaim(controller, claim);
            });
        }

        @Override
        public void giveBack(Device controller) throws IOException {
            call(Site.BIND, controller, () -> {
                registers.giveBack(controller);
                return true;
            });
        }

        @Override
        public boolean isKeeping() {
            return registers.isKeeping();
        }
    }

    private final class FaultyClaim implements NvmeRegisters.Claim {
        private final Device controller;
        private final NvmeRegisters.Claim claim;
        private boolean isKept;

        FaultyClaim(Device controller, NvmeRegisters.Claim claim) {
            this.controller = controller;
            this.claim = claim;
        }

        @Override
        public boolean isExclusive() {
            return claim.isExclusive();
        }

        @Override
        public void refuseUse() throws IOException {
            call(Site.REGISTER, controller, () -> {
                claim.refuseUse();
                return true;
            });
        }

        @Override
        public NvmeRegisters.Access open() throws IOException {
            return call(Site.WRITE, controller, "registers=0", () -> new FaultyAccess(controller, claim.open()));
        }

        @Override
        public void keep() {
            isKept = true;
            claimed.merge(controller.path(), -1, Integer::sum);
            claim.keep();
        }

        @Override
        public void close() {
            if (!isKept) {
                claimed.merge(controller.path(), -1, Integer::sum);
            }
            claim.close();
        }
    }

    private final class FaultyAccess implements NvmeRegisters.Access {
        private final Device controller;
        private final NvmeRegisters.Access access;

        FaultyAccess(Device controller, NvmeRegisters.Access access) {
            this.controller = controller;
            this.access = access;
        }

        @Override
        public int read(int offset) throws IOException {
            return call(Site.REGISTER, controller, () -> access.read(offset));
        }

        @Override
        public void write(int offset, int value) throws IOException {
            call(Site.UNBIND, controller, () -> {
                access.write(offset, value);
                return true;
            });
        }

        @Override
        public int awaitChange(int offset, int mask, int former, Duration limit) throws IOException {
            return call(Site.NOTIFIED, controller, () -> access.awaitChange(offset, mask, former, limit));
        }
    }

    @Override
    public NvmeCommands nvme() {
        return new NvmeCommands() {
            @Override
            public Identity identify(Device controller) throws IOException {
                return call(Site.IDENTIFY, controller, () -> kernel.nvme().identify(controller));
            }

            @Override
            public Identity identify(Device controller, Duration limit) throws IOException {
                return call(Site.IDENTIFY, controller, () -> kernel.nvme().identify(controller, limit));
            }

            @Override
            public Health health(Device controller) {
                return new Health(BigInteger.ONE, BigInteger.ZERO);
            }

            @Override
            public void flush(Device namespace) throws IOException {
                call(Site.FLUSH, namespace, () -> {
                    kernel.nvme().flush(namespace);
                    return true;
                });
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
                call(Site.SYNC, disk, () -> {
                    kernel.scsi().synchronizeCache(disk);
                    return true;
                });
            }

            @Override
            public void stop(Device scsiDevice) throws IOException {
                call(Site.STOP, scsiDevice, () -> {
                    kernel.scsi().stop(scsiDevice);
                    return true;
                });
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
            Optional<KernelMessages.Mark> mark = orNothing(
                    Site.MARK, null, "", () -> Optional.of(kernel.messages().mark()));
            return new KernelMessages.Mark() {
                @Override
                public List<String> lines() {
                    return orNothing(Site.LINES, null, "", () -> mark.map(KernelMessages.Mark::lines))
                            .orElse(List.of());
                }

                @Override
                public void close() {
                    mark.ifPresent(KernelMessages.Mark::close);
                }
            };
        };
    }

    @Override
    public void prepare(int count) {}

    @Override
    public <S> WorkerPool<S> newPool() {
        WorkerPool<S> pool = kernel.workers().newPool();
        return new WorkerPool<>() {
            @Override
            public void start(String name, Task<S> task) throws NoWorkerException {
                startUnless(Site.START, () -> pool.start(name, task));
            }

            @Override
            public void post(S report) {
                pool.post(report);
            }

            @Override
            public boolean waitFor(Future<?> result, long until) {
                return pool.waitFor(result, until);
            }

            @Override
            public void startReserved(Task<S> task) throws NoWorkerException {
                startUnless(Site.START_RESERVED, () -> pool.startReserved(task));
            }

            @Override
            public boolean aside(Runnable work) {
                return orNothing(Site.START, null, "", () -> Optional.of(pool.aside(work)))
                        .orElse(false);
            }

            @Override
            public Optional<S> await(long until) {
                return pool.await(until);
            }

            @Override
            public long now() {
                return pool.now();
            }
        };
    }

    @FunctionalInterface
    private interface Start {
        void run() throws NoWorkerException;
    }

    private void startUnless(Site site, Start start) throws NoWorkerException {
        try {
            call(site, null, Optional::empty);
        } catch (IOException e) {
            throw new NoWorkerException(e.getMessage());
        }
        start.run();
    }
}
