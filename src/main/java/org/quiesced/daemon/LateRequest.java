// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.hook.HookTalk;
import org.quiesced.hook.HostServices;
import org.quiesced.hook.Progress;
import org.quiesced.host.SystemState.HostProcess;
import org.quiesced.method.DriveTypes;
import org.quiesced.run.Run;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/**
 * A request for the late phase, and what follows from it.
 *
 * @param life the hook's process; empty if it has ended
 * @param deadline longest duration of the phase
 * @param stopsAreLeft whether {@link OrphanedDisks} are to be stopped first. The kernel's walk does not wait for these
 *     stops, so the present hook does.
 * @param followed whether an exitrd follows whose hook waits for the rest
 * @param avoided if the exitrd is withdrawn because its unmounting would take too long, that time
 * @param end when the hook may return
 */
record LateRequest(
        Verb verb,
        HookTalk.Hook hook,
        Optional<HostProcess> life,
        Duration deadline,
        boolean stopsAreLeft,
        boolean followed,
        Optional<Duration> avoided,
        HookTalk.End end) {

    /**
     * Returns a request of a hook. Withdraws the exitrd if that is due.
     *
     * @param isFollowed whether an exitrd follows
     * @param run the run that is under way
     */
    static LateRequest of(
            Verb verb,
            HookTalk.Hook hook,
            boolean isFollowed,
            boolean stopsAreLeft,
            Snapshot now,
            HostServices host,
            Optional<ReportedRun> run) {
        Optional<Duration> avoided = isFollowed ? LongUnmounting.avoid(host.exitrd(), now, run) : Optional.empty();
        boolean followed = isFollowed && avoided.isEmpty() && !stopsAreLeft;
        Optional<HostProcess> life = host.systemState().process(hook.mark());
        Duration spent = life.map(HostProcess::age).orElse(Duration.ZERO);
        Duration deadline = host.hookLimit().deadline(now.config().deadline(), spent);
        HookTalk.End end =
                stopsAreLeft ? HookTalk.End.WITH_THE_RUN : HookEnd.of(now.config(), now.ready(), verb, followed);
        return new LateRequest(verb, hook, life, deadline, stopsAreLeft, followed, avoided, end);
    }

    /** Returns this request for the time after the present run. Its time limit counts from this call. */
    NextShutdown next() {
        return NextShutdown.late(verb, deadline, followed);
    }

    /** Lets the hook wait for a run. */
    void tell(HookTalk talk, Progress progress, Runnable abandon) {
        talk.add(hook, life, progress, abandon, end);
    }

    /**
     * Continues a run with the late phase; with {@link OrphanedDisks}, after they are stopped.
     *
     * @return what remains to be done for that and takes long
     */
    Runnable goOn(Run run, OrphanedDisks disks, DriveTypes types) {
        if (stopsAreLeft) {
            return disks.stopAndThen(types, verb, deadline, left -> run.late(verb, left, followed));
        }
        run.late(verb, deadline, followed);
        return () -> {};
    }
}
