// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.invariants.PlantedViolation;
import org.quiesced.kernel.Counters;

/** The checker finds a bug that touches a disk in use, or relies on an outdated scan. */
@PlantedViolation(reason = "That it is found is what each test is about.")
class UseRulesTest extends PlantedBugTest {
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
                return Counters.reads(0, 0, 0);
            }
        });
    }
}
