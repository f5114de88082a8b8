// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quiesced.history.Blame;
import org.quiesced.history.Records;
import org.quiesced.method.DriveIdentity;
import org.quiesced.snapshot.ExpectedTimesFile;

/** The times that drives took in past shutdowns give the expected time, and name a drive that took longer. */
class UsualTimesTest extends RecordedBootTest {
    @Test
    void expectedTimeIsTheMedianOfTheDrive() throws Exception {
        shutDowns(1, 9, 1.5);

        assertThat(new ExpectedTimesFile(run).get().drives())
                .containsEntry(new DriveIdentity(MODEL, "S0"), 1.5)
                .containsEntry(new DriveIdentity(MODEL, "S1"), 2.0);
        assertThat(new ExpectedTimesFile(run).get().models()).containsEntry(MODEL, 2.0);
    }

    @Test
    void driveThatTakesThreeTimesItsUsualTimeIsReported() throws Exception {
        shutDowns(1, 1.2, 1.1);
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        shutDown(4.4, 2);

        AfterBoot.Result result = boot("next", drive(0, 8, 2), drive(1, 10, 0));

        assertThat(texts(result))
                .endsWith("0000:03:00.0 (nvme0) took 4.40s, 4.0 times its usual 1.10s")
                .hasSize(2);
        assertThat(Blame.page(result.kept().orElseThrow().record()).lines().get(1))
                .endsWith("down: took 4.40s, 4.0 times its usual 1.10s");
    }

    @Test
    void delayOfLessThanASecondIsNotSlow() throws Exception {
        shutDowns(0.1, 0.1);
        boot(Records.BOOT, drive(0, 7, 2));
        shutDown(1, 2);

        assertThat(texts(boot("next", drive(0, 8, 2)))).containsExactly("1 of 1 drives report a clean shutdown");
    }
}
