// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.work.WorkerSource;

/** The checker finds a bug in the order, the end or the report of a run, and finds nothing without one. */
@PlantedViolation(reason = "That it is found is what each test is about.")
class RunCheckerTest extends PlantedBugTest {
    static final Config SERIAL = Configs.config(Mode.SAFE, Map.of(), Map.of());

    @Test
    void brokenOrderIsFound() {
        String supplier = drive();
        builder.link(disk("0:0:0:0"), supplier, false);
        assertNothingFound(PARALLEL);

        tampering = Tampering::withoutLinks;
        assertFound("a device starts only after its dependents", PARALLEL, (kernel, time) -> kernel);
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
}
