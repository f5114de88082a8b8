// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.invariants.PlantedViolation;
import org.quiesced.invariants.Tampering;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/** The checker finds each bug that is planted between the run and the kernel, and finds nothing without one. */
@PlantedViolation(reason = "That it is found is what each test is about.")
class RunCheckerTest {
    private static final Config PARALLEL = Configs.config(Mode.ON, Map.of(), Map.of());
    private static final Config SERIAL = Configs.config(Mode.SAFE, Map.of(), Map.of());
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final MachineBuilder builder = new MachineBuilder("canary");
    private final Lockstep.Threads threads = new Lockstep.Threads();
    private UnaryOperator<Plan> tampering = UnaryOperator.identity();
    private List<Injection> injections = List.of();
    private Verb verb = Verb.POWEROFF;
    private Course course = Course.LATE_ALONE;

    private String drive() {
        return builder.nvme("/devices/pci0000:00", "0000:01:00.0", SECOND);
    }

    private String disk(String address) {
        return builder.scsiDisk("/devices/pci0000:00/host0", address, SECOND);
    }

    private Trial trial(Config config, Trial.Disguise disguise) {
        Machine machine = builder.build();
        return Trial.of(
                new Scenario("canary", verb, course, 1, injections),
                new Stage(machine, machine, config, true, tampering),
                threads,
                Trial.DEADLINE,
                disguise);
    }

    private void assertFound(String rule, Config config, Trial.Disguise disguise) {
        assertThat(trial(config, disguise).complaints()).isNotEmpty().allMatch(complaint -> complaint.startsWith(rule));
    }

    private void assertNothingFound(Config config) {
        assertThat(trial(config, (kernel, time) -> kernel).complaints()).isEmpty();
    }

    /** Injects an error, by its number, into the first call of a site. */
    private void inject(Site site, Wrong.Kind kind, int number) {
        Call call = trial(PARALLEL, (kernel, time) -> kernel).kernel().calls().stream()
                .filter(one -> one.site == site)
                .findFirst()
                .orElseThrow();
        injections = List.of(new Injection(call.number, new Wrong(kind, number), false));
    }

    @Test
    void brokenOrderIsFound() {
        String supplier = drive();
        builder.link(disk("0:0:0:0"), supplier, false);
        assertNothingFound(PARALLEL);

        tampering = Tampering::withoutLinks;
        assertFound("a device starts only after its dependents", PARALLEL, (kernel, time) -> kernel);
    }

    private void twoPaths() {
        for (String address : List.of("0:0:0:0", "1:0:0:0")) {
            builder.scsiPath("/devices/pci0000:00/host0", address, "naa.5000c500deadbeef", SECOND);
        }
    }

    @Test
    void stopBeforeAnotherPathIsDownIsFound() {
        twoPaths();
        Trial.Disguise slowFlush = (kernel, time) -> new Disguised(kernel) {
            @Override
            public void synchronizeCache(Device disk) throws IOException {
                if (disk.name().equals("sdb")) {
                    time.spend(10 * SECOND.toNanos());
                }
                super.synchronizeCache(disk);
            }
        };
        assertNothingFound(PARALLEL);

        tampering = Tampering::withoutLinks;
        assertThat(trial(PARALLEL, slowFlush).complaints())
                .anyMatch(complaint -> complaint.startsWith("no disk is stopped under another path"))
                .anyMatch(complaint -> complaint.startsWith("nothing is sent to a disk that is stopped"));
    }

    @Test
    void stopByEachPathIsFound() {
        twoPaths();
        assertNothingFound(PARALLEL);

        tampering = plan -> new Plan(
                plan.tree(),
                plan.types(),
                plan.graph(),
                plan.walk(),
                plan.dispositions().stream()
                        .map(RunCheckerTest::stoppedByItself)
                        .toList(),
                plan.cycles());
        assertThat(trial(PARALLEL, (kernel, time) -> kernel).complaints())
                .anyMatch(complaint -> complaint.startsWith("one stop for all paths to a disk"));
    }

    private static Disposition stoppedByItself(Disposition disposition) {
        return disposition instanceof Disposition.Handled handled
                ? new Disposition.Handled(
                        handled.lane(),
                        handled.method(),
                        handled.target().stoppedBy(Optional.empty()),
                        handled.usedNow())
                : disposition;
    }

    @Test
    void twoDevicesOnTheSerialLaneAreFound() {
        disk("0:0:0:0");
        disk("0:0:1:0");
        assertNothingFound(SERIAL);

        tampering = plan -> new Plan(
                plan.tree(),
                plan.types(),
                plan.graph(),
                plan.walk(),
                plan.dispositions().stream().map(RunCheckerTest::inParallel).toList(),
                plan.cycles());
        assertFound("a serial device goes down on the lane", SERIAL, (kernel, time) -> kernel);
    }

    private static Disposition inParallel(Disposition disposition) {
        return disposition instanceof Disposition.Handled handled
                ? new Disposition.Handled(
                        Disposition.Lane.PARALLEL, handled.method(), handled.target(), handled.usedNow())
                : disposition;
    }

    @Test
    void unbindOfADeviceThatWasGivenUpIsFound() {
        drive();
        assertFound("nothing is begun after it was given up", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void unbind(Device device) throws IOException {
                time.spend(Duration.ofHours(1).toNanos());
                super.unbind(device);
            }
        });
    }

    @Test
    void stopAfterTheEndOfTheHookIsFound() {
        disk("0:0:0:0");
        course = new Course(Course.Kind.ABANDON, 500, Optional.empty());
        assertFound("nothing is begun after it was given up", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void stop(Device device) throws IOException {
                time.spend(Duration.ofHours(1).toNanos());
                super.stop(device);
            }
        });
    }

    @Test
    void unbindOfAMountedDiskIsFound() {
        builder.inUse(drive(), "mounted on /");
        assertNothingFound(PARALLEL);
        assertFound("nothing in use is touched", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public Claim claim(Device disk) {
                return () -> {};
            }
        });
    }

    @Test
    void unbindOfAnOpenDiskIsFound() {
        builder.open(drive() + "/nvme/nvme0/nvme0n1", "a database");
        assertNothingFound(PARALLEL);
        assertFound("nothing in use is touched", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public Users scan() throws IOException {
                super.scan();
                return below -> Optional.empty();
            }
        });
    }

    @Test
    void missingUsageScanIsFound() {
        drive();
        assertFound("what is relied upon is seen after the claim", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public Users scan() {
                return below -> Optional.empty();
            }
        });
    }

    @Test
    void outdatedUsageScanIsFound() {
        drive();
        inject(Site.FLUSH, Wrong.Kind.LATE, 25);
        assertNothingFound(PARALLEL);
        assertFound("what is relied upon is seen after the claim", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            private Users first;

            @Override
            public Users scan() throws IOException {
                if (first == null) {
                    first = super.scan();
                }
                return first;
            }
        });
    }

    @Test
    void ignoredTrafficIsFound() {
        drive();
        inject(Site.FLUSH, Wrong.Kind.WRITTEN, 0);
        assertNothingFound(PARALLEL);
        assertFound("nothing in use is touched", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public Traffic traffic(Device disk) throws IOException {
                super.traffic(disk);
                return new Traffic(0, 0, 0);
            }
        });
    }

    @Test
    void ignoredFailureOfAFlushIsFound() {
        drive();
        inject(Site.FLUSH, Wrong.Kind.FAILS, 0);
        assertNothingFound(PARALLEL);
        assertFound("a drive whose flush fails keeps its driver", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void flush(Device disk) {
                try {
                    super.flush(disk);
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    @Test
    void unrestoredAttributeOfADiskIsFound() {
        disk("0:0:0:0");
        inject(Site.UNBIND, Wrong.Kind.FAILS, 2);
        assertNothingFound(PARALLEL);
        assertFound("a disk that stays is as it was", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void write(Device device, String name, String value) throws IOException {
                if (value.equals("0")) {
                    super.write(device, name, value);
                }
            }
        });
    }

    @Test
    void stopAtRebootIsFound() {
        disk("0:0:0:0");
        verb = Verb.REBOOT;
        assertNothingFound(PARALLEL);
        assertFound("no disk is stopped at reboot", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void unbind(Device device) throws IOException {
                super.unbind(device);
                stop(device);
            }
        });
    }

    @Test
    void stopByTheLeavingDriverIsFound() {
        disk("0:0:0:0");
        assertNothingFound(PARALLEL);
        assertFound("no driver stops its disk as it leaves", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void write(Device device, String name, String value) {}
        });
    }

    @Test
    void unrestoredGracePeriodsAreFound() {
        drive();
        assertFound("grace periods are as before", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public Runnable expedite() {
                super.expedite();
                return () -> {};
            }
        });
    }

    @Test
    void unreleasedClaimIsFound() {
        drive();
        assertFound("all claims are given back", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public Claim claim(Device disk) throws IOException {
                super.claim(disk);
                return () -> {};
            }
        });
    }

    @Test
    void runBeyondItsDeadlineIsFound() {
        drive();
        inject(Site.UNBIND, Wrong.Kind.LATE, 3_600);
        builder.latency("/devices/pci0000:00/0000:01:00.0", Duration.ofSeconds(60));
        assertFound("the run ends by its deadline", PARALLEL, new Trial.Disguise() {
            @Override
            public Kernel of(Kernel kernel, Lockstep time) {
                return kernel;
            }

            @Override
            public WorkerSource of(WorkerSource workers) {
                return new SlowCoordinators(workers);
            }
        });
    }

    @Test
    void deviceWithoutAnOutcomeIsFound() {
        drive();
        Trial sound = trial(PARALLEL, (kernel, time) -> kernel);
        List<Trial.Told> told = new ArrayList<>(sound.told());
        told.removeIf(one -> one.event().isLast());

        assertThat(sound.withEvents(told).complaints())
                .isNotEmpty()
                .allMatch(complaint -> complaint.startsWith("every device is accounted for"));
    }

    @Test
    void deviceWithTwoOutcomesIsFound() {
        drive();
        Trial sound = trial(PARALLEL, (kernel, time) -> kernel);
        List<Trial.Told> twice = IntStream.range(0, 2)
                .boxed()
                .flatMap(time -> sound.told().stream())
                .toList();

        assertThat(sound.withEvents(twice).complaints())
                .anyMatch(complaint -> complaint.startsWith("no event follows the last one"))
                .anyMatch(complaint -> complaint.startsWith("a device is planned once"));
    }

    @Test
    void falseReportOfADriveThatIsDownIsFound() {
        drive();
        assertFound("what is said to be down has no driver", PARALLEL, (kernel, time) -> new Disguised(kernel) {
            @Override
            public void unbind(Device device) {}
        });
    }

    @Test
    void lateRestorationOfADriverIsFound() {
        disk("0:0:0:0");
        course = new Course(Course.Kind.CANCEL, 1_000, Optional.empty());
        assertNothingFound(PARALLEL);
        assertFound(
                "after a cancelled shutdown a driver comes back at once",
                PARALLEL,
                (kernel, time) -> new Disguised(kernel) {
                    @Override
                    public void bind(Device device) throws IOException {
                        time.spend(Duration.ofSeconds(5).toNanos());
                        super.bind(device);
                    }
                });
    }

    @Test
    void waitForAHungClaimIsFound() {
        drive();
        assertFound(
                "what hangs before it has begun is not waited for", PARALLEL, (kernel, time) -> new Disguised(kernel) {
                    @Override
                    public Claim claim(Device disk) throws IOException {
                        time.spend(Duration.ofSeconds(5).toNanos());
                        return super.claim(disk);
                    }
                });
    }

    /** Creates pools whose coordinator wakes up five seconds late. */
    private record SlowCoordinators(WorkerSource workers) implements WorkerSource {
        @Override
        public void prepare(int count) {}

        @Override
        public <S> WorkerPool<S> newPool() {
            return new SlowCoordinator<>(workers.newPool());
        }
    }

    /** A pool whose mailbox times out five seconds late. */
    private record SlowCoordinator<S>(WorkerPool<S> pool) implements WorkerPool<S> {
        @Override
        public void start(String name, Task<S> task) throws NoWorkerException {
            pool.start(name, task);
        }

        @Override
        public boolean waitFor(Future<?> result, long until) {
            return pool.waitFor(result, until);
        }

        @Override
        public void post(S report) {
            pool.post(report);
        }

        @Override
        public void startReserved(Task<S> task) throws NoWorkerException {
            pool.startReserved(task);
        }

        @Override
        public boolean aside(Runnable work) {
            return pool.aside(work);
        }

        @Override
        public Optional<S> await(long until) {
            return pool.await(until > now() ? until + Duration.ofSeconds(5).toNanos() : until);
        }

        @Override
        public long now() {
            return pool.now();
        }
    }
}
