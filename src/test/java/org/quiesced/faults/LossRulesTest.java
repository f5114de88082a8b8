// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.invariants.PlantedViolation;
import org.quiesced.invariants.Tampering;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;

/** The checker finds a bug that ignores a failed flush, or stops a disk too early, twice or at a reboot. */
@PlantedViolation(reason = "That it is found is what each test is about.")
class LossRulesTest extends PlantedBugTest {
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
                plan.dispositions().stream().map(LossRulesTest::stoppedByItself).toList(),
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
}
