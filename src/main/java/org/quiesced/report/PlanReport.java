// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.quiesced.config.Config;
import org.quiesced.config.Early;
import org.quiesced.device.Device;
import org.quiesced.device.Storage;
import org.quiesced.estimate.Estimate;
import org.quiesced.estimate.KernelWalk;
import org.quiesced.estimate.UnknownTimes;
import org.quiesced.kernel.Latencies;
import org.quiesced.method.DriverBinding;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.plan.DiskUse;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.EarlyForecast;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.plan.RootDrives;
import org.quiesced.shutdown.Verb;

/** Creates the reports of a plan. */
public final class PlanReport {
    private final Plan plan;
    private final Latencies latencies;
    private final Verb verb;
    private final Duration deadline;
    private final DeviceCounts counts;
    private final Storage storage;
    private final Set<Device> early;
    private final boolean releasesFirst;
    private final boolean handover;

    /**
     * Creates a report.
     *
     * @param latencies the known shutdown times of devices
     * @param config the configuration of the plan
     */
    public PlanReport(Plan plan, Latencies latencies, Verb verb, Config config) {
        this.plan = plan;
        this.latencies = latencies;
        this.verb = verb;
        this.deadline = config.deadline();
        this.counts = new DeviceCounts(plan);
        this.storage = new Storage(plan.tree());
        this.releasesFirst = config.early() == Early.RELEASED;
        this.handover = config.handsOver(plan.walk());
        this.early = EarlyForecast.of(plan, config.early(), verb);
    }

    private Duration expected() {
        return Estimate.of(plan, latencies, verb, deadline);
    }

    private Duration alone() {
        return KernelWalk.duration(KernelWalk.steps(plan, latencies, verb, plan::handles));
    }

    /** Returns the plan as records that Jackson can write; the entries are computed at each access. */
    public PlanJson json() {
        return new PlanJson(
                verb.word(),
                plan.walk().word(),
                handover,
                new MappedList<>(plan.driven(), this::entry),
                plan.cycles().stream().map(ReasonJson::of).toList(),
                totals());
    }

    private PlanJson.Entry entry(Device device) {
        Disposition disposition = plan.of(device);
        Optional<Handled> handled =
                Optional.of(disposition).filter(Handled.class::isInstance).map(Handled.class::cast);
        return new PlanJson.Entry(
                device.name(),
                device.path(),
                counts.labels().of(device),
                device.driver().orElse(DriverBinding.NONE),
                DispositionType.of(disposition),
                !isWithoutMethod(disposition),
                counts.isDrive(device),
                handled.map(Handled::method).map(ShutdownMethod::name),
                handled.map(ours -> ours.method().steps(ours.target(), verb)).orElse(List.of()),
                plan.waitsFor(device).stream().map(Device::name).toList(),
                reason(disposition),
                handled.flatMap(ours -> usedNow(device, ours)),
                handled.map(ours -> phase(device, ours)),
                latency(device).map(PlanReport::seconds));
    }

    private Optional<Duration> latency(Device device) {
        return UnknownTimes.isWaitedFor(plan, storage, device, verb)
                ? latencies.of(device)
                : Optional.of(Duration.ZERO);
    }

    private PhaseType phase(Device device, Handled handled) {
        if (RootDrives.isUsedByRoot(handled)) {
            return PhaseType.EXITRD;
        }
        return early.contains(device) ? PhaseType.EARLY : PhaseType.LATE;
    }

    /** Returns for example {@code 24 drives in parallel, 1 left to the kernel (nvme3: opted out)}. */
    public String summary() {
        return Sums.plan(counts.lanes(plan), drives(this::isUsedNow), counts.left(plan));
    }

    /** Returns the counts and times. A device with an unknown shutdown time counts as taking no time. */
    public PlanJson.Totals totals() {
        long handled = plan.count(Lane.PARALLEL) + plan.count(Lane.SERIAL);
        long holders = plan.driven().stream()
                .filter(device -> device.isHolder() && plan.handles(device))
                .count();
        long unknown = plan.driven().stream()
                .filter(device -> !device.isHolder()
                        && plan.handles(device)
                        && latency(device).isEmpty())
                .count();
        boolean nothingIsKnown = unknown == handled - holders;
        return new PlanJson.Totals(
                plan.count(Lane.PARALLEL),
                plan.count(Lane.SERIAL),
                plan.driven().size() - handled,
                holders,
                unknown,
                drives(plan::handles),
                drives(device -> type(device) == DispositionType.PARALLEL),
                drives(device -> type(device) == DispositionType.SERIAL),
                drives(this::isUsedNow),
                drives(early::contains),
                drives(device -> !plan.handles(device)),
                nothingIsKnown ? 0 : seconds(expected()),
                seconds(deadline),
                nothingIsKnown ? 0 : seconds(alone()));
    }

    private long drives(Predicate<Device> which) {
        return plan.driven().stream().filter(counts::isDrive).filter(which).count();
    }

    private DispositionType type(Device device) {
        return DispositionType.of(plan.of(device));
    }

    private boolean isUsedNow(Device device) {
        return plan.of(device) instanceof Handled handled && !handled.usedNow().isEmpty();
    }

    private Optional<PlanJson.UsedNow> usedNow(Device device, Handled handled) {
        return handled.usedNow().stream()
                .map(use -> new PlanJson.UsedNow(
                        UserJson.chain(use.user().user()), lateBecause(device, handled), earlyWith(handled)))
                .findFirst();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static boolean isWithoutMethod(Disposition disposition) {
        return disposition instanceof LeftToKernel left && left.reason() instanceof Reason.NoMethod;
    }

    private static ReasonJson reason(Disposition disposition) {
        if (disposition instanceof Handled handled) {
            if (handled.target().device().isHolder()
                    || handled.target().settings().shutdown().isPresent()) {
                return ReasonJson.of(ReasonType.OPTED_IN);
            }
            return ReasonJson.of(handled.lane() == Lane.PARALLEL ? ReasonType.MODE_ON : ReasonType.NOT_OPTED_IN);
        }
        return ReasonJson.of(((LeftToKernel) disposition).reason());
    }

    /** Returns the kinds of holders that would have to be stopped for a drive to be free in the early phase. */
    private static List<String> earlyWith(Handled handled) {
        return handled.usedNow().stream()
                .map(DiskUse::soonerWith)
                .filter(kinds -> !kinds.isEmpty())
                .findFirst()
                .map(ReasonDetails::words)
                .orElse(List.of());
    }

    /**
     * Returns a partition without a user that excludes a device from the early phase, although its other users release
     * it by then.
     */
    private Optional<String> lateBecause(Device device, Handled handled) {
        return handled.usedNow().stream()
                .flatMap(use -> use.unused().stream())
                .findFirst()
                .filter(partition -> releasesFirst && !early.contains(device));
    }
}
