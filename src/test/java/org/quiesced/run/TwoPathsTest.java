// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.quiesced.shutdown.Verb;

/** The machine of a test with a SCSI disk that has two paths, each over an adapter of its own. */
abstract class TwoPathsTest {
    static final String A = "0:0:0:0";
    static final String B = "1:0:0:0";
    static final String WWID = "naa.5000c500deadbeef";

    final SteppedRun run = new SteppedRun();
    final String adapterA = run.builder.device("/devices/pci0000:00", "0000:03:00.0", "pci", "par");
    final String adapterB = run.builder.device("/devices/pci0000:00", "0000:04:00.0", "pci", "par");
    final String hostA = run.builder.device(adapterA, "host0", "scsi", "");
    final String hostB = run.builder.device(adapterB, "host1", "scsi", "");

    @AfterEach
    void settle() {
        run.settle();
    }

    String path(String host, String address) {
        return run.builder.scsiPath(host, address, WWID, Duration.ofSeconds(6));
    }

    Timeline poweroff() {
        return run.late(Verb.POWEROFF, SteppedRun.DAY, event -> {});
    }

    List<String> stops() {
        return run.done().stream().filter(done -> done.startsWith("STOP")).toList();
    }

    void bothPaths() {
        path(hostA, A);
        path(hostB, B);
    }
}
