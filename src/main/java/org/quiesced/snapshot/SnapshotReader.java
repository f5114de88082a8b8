// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.quiesced.config.Config;
import org.quiesced.config.Root;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.WalkMode;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.RootDrives;
import org.quiesced.plan.UsedDisks;
import org.quiesced.run.PreparedPlan;
import org.quiesced.work.WorkerSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the machine and plans its shutdown. */
public class SnapshotReader {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /**
     * Maximum number of threads. With more drives, the start of a thread costs less than the drives' common use of the
     * processors.
     */
    private static final int MOST_WORKERS = 64;

    /**
     * Threads besides those for devices: for the check of the disks' users, and for the switch of the grace periods.
     */
    private static final int WORKERS_ASIDE = 2;

    private final Kernel kernel;
    private final WorkerSource workers;
    private final DriveTypes types;
    private final Supplier<Optional<String>> noExitrd;
    private final Supplier<ExpectedTimes> expected;
    private volatile Optional<Usual> usual = Optional.empty();

    /** The expected times of a tree's drives, from earlier shutdowns. */
    private record Usual(ExpectedTimes times, DeviceTree tree, Map<Device, Duration> latencies) {}

    /**
     * Creates a reader for some types of drives.
     *
     * @param noExitrd returns why no exitrd of the next shutdown will release the root drives; empty if one will
     * @param expected returns the expected times of drives, from earlier shutdowns
     */
    public SnapshotReader(
            Kernel kernel,
            WorkerSource workers,
            DriveTypes types,
            Supplier<Optional<String>> noExitrd,
            Supplier<ExpectedTimes> expected) {
        this.expected = expected;
        this.kernel = kernel;
        this.workers = workers;
        this.types = types;
        this.noExitrd = noExitrd;
    }

    /**
     * Reads the device tree and plans. Sends no command to a drive.
     *
     * @param known the latencies that drives have reported
     * @throws IOException if there is no device tree
     */
    public Snapshot read(Config config, KnownLatencies known) throws IOException {
        DeviceTree tree = kernel.readTree();
        return planned(config, tree, WalkMode.of(kernel.drivers()), known);
    }

    private Snapshot planned(Config config, DeviceTree tree, WalkMode walk, KnownLatencies reported) {
        KnownLatencies known = withUsual(reported, tree);
        PreparedPlan ready = ready(config, tree, walk);
        Plan seen = seen(config, tree, walk, known);
        return Snapshot.of(config, ready, seen, used(ready), known);
    }

    /**
     * Adds the expected times to the reported ones. They are computed only for a new file or tree, because that reads
     * serial numbers from sysfs.
     */
    private KnownLatencies withUsual(KnownLatencies reported, DeviceTree tree) {
        ExpectedTimes times = expected.get();
        Optional<Usual> known = usual.filter(last -> last.times() == times && last.tree() == tree);
        Usual current = known.orElseGet(() -> new Usual(times, tree, times.of(tree, types, kernel.attributes())));
        usual = Optional.of(current);
        return reported.with(current.latencies());
    }

    /**
     * Updates the parts that change without uevents: the users of the disks; the kernel's walk mode, which root may
     * change at any time; and the drives' expected times, which are written some time after boot.
     */
    public Snapshot refresh(Snapshot old) {
        WalkMode walk = WalkMode.of(kernel.drivers());
        if (walk != old.seen().walk()) {
            return planned(old.config(), old.seen().tree(), walk, old.latencies());
        }
        KnownLatencies known = withUsual(old.latencies(), old.seen().tree());
        Plan seen = seen(old.config(), old.seen().tree(), walk, known);
        Set<String> used = used(old.ready());
        return known == old.latencies()
                        && seen.dispositions().equals(old.seen().dispositions())
                        && used.equals(old.used())
                ? old
                : Snapshot.of(old.config(), old.ready(), seen, used, known);
    }

    /** Restores the setting of the kernel's grace periods if a process died in a run, and logs a warning. */
    public void tidyUp() {
        if (kernel.gracePeriods().recover()) {
            LOG.warn("a run did not end as it should; RCU's grace periods are as they were before it");
        }
    }

    /**
     * Queries the drives of a plan whose shutdown time is not known yet. A query may block for the driver's own time
     * limit.
     */
    public KnownLatencies ask(KnownLatencies known, Plan seen) {
        return known.renew(seen, kernel);
    }

    private PreparedPlan ready(Config config, DeviceTree tree, WalkMode walk) {
        Plan ready =
                Planner.assumingFree(config).withTypes(types).withWalk(walk).plan(tree);
        workers.prepare((int) Math.min(MOST_WORKERS, ready.count(Lane.PARALLEL) + WORKERS_ASIDE));
        return new PreparedPlan(ready);
    }

    private Set<String> used(PreparedPlan ready) {
        return UsedDisks.usedOf(ready.plan(), kernel.claims());
    }

    private Plan seen(Config config, DeviceTree tree, WalkMode walk, KnownLatencies known) {
        Plan inExitrd = seen(config, tree, walk, Release.EXITRD);
        List<Device> rootDrives = RootDrives.of(inExitrd);
        if (rootDrives.isEmpty()) {
            return inExitrd;
        }
        if (!RootDrives.gain(inExitrd, known)) {
            return seen(config, tree, walk, Release.LATE);
        }
        return obstacle(config, walk)
                .map(why -> RootDrives.explained(seen(config, tree, walk, Release.LATE), rootDrives, why))
                .orElse(inExitrd);
    }

    /** Returns why no exitrd releases the root drives; empty if one does. */
    private Optional<String> obstacle(Config config, WalkMode walk) {
        if (config.root() == Root.NEVER) {
            return Optional.of(RootDrives.NEVER);
        }
        boolean isBesideOurs = walk == WalkMode.ASYNCHRONOUS && config.handsOver(walk);
        return isBesideOurs ? Optional.of("this kernel shuts it down beside the others") : noExitrd.get();
    }

    private Plan seen(Config config, DeviceTree tree, WalkMode walk, Release last) {
        return Planner.byVisibleUsers(config, kernel.claims(), kernel.attributes(), last)
                .withTypes(types)
                .withWalk(walk)
                .plan(tree);
    }
}
