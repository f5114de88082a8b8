// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.MachineBuilder;

/** Adds random controllers over a fabric, with users, states and faults, to a machine. */
final class RandomFabrics {
    /** Separate from that of the {@link RandomStage}, so that a seed gives the same machine as without these. */
    private final Random random;

    private final MachineBuilder builder;
    private final Map<String, DiskUser> uses;

    /** @param uses the users of disks, to which those of the controllers' disks are added */
    RandomFabrics(long seed, MachineBuilder builder, Map<String, DiskUser> uses) {
        this.random = new Random(seed + 2_000_003);
        this.builder = builder;
        this.uses = uses;
    }

    /** Adds two controllers at most; none to most machines. */
    void add() {
        for (int i = random.nextInt(6) - 3; i > 0; i--) {
            addOne();
        }
    }

    private void addOne() {
        String transport = List.of("tcp", "rdma", "fc", "loop").get(random.nextInt(4));
        String path = builder.fabrics(transport, Duration.ofMillis(random.nextInt(3_000)), 50);
        String disk = path + "/" + path.substring(path.lastIndexOf('/') + 1) + "n1";
        switch (random.nextInt(12)) {
            case 0 -> uses.put(disk, new DiskUser("mounted on /net", DiskUser.Release.NEVER));
            case 1 -> builder.open(disk, "a process has it open");
            case 2 -> builder.attribute(path, Attributes.OWNER, "stas");
            case 3, 4 -> builder.attribute(path, "state", "connecting");
            case 5 -> builder.fault(path, Fault.CUT_OFF);
            case 6 -> builder.fault(path, Fault.HANGS);
            case 7 -> builder.fault(path, RandomStage.FAULTS.get(random.nextInt(RandomStage.FAULTS.size())));
            default -> {}
        }
    }
}
