// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.util.Optional;
import org.quiesced.history.Mark;
import org.quiesced.hook.HookTalk;
import org.quiesced.host.RequestPipe;
import org.quiesced.host.SystemState;
import org.quiesced.shutdown.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the requests that scripts write to the pipe, one per line: {@code stopping VERB MARK} when a shutdown begins,
 * {@code network VERB MARK} before the network is stopped, {@code early VERB} when the local file systems are
 * unmounted, in all of which VERB may be {@code ?}; and {@code late VERB MARK} from the hook, with a fourth word
 * "exitrd" if an exitrd follows, whose hook sends {@code late} again. {@code exitrd VERB} comes between the two, when
 * the root file system is unmounted. MARK is the process number of the caller. Each answer begins with it, so that a
 * caller recognizes its own answers; the daemon notices by it when the hook ends.
 */
final class HookRequests {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");
    private static final String EXITRD = "exitrd";

    private final RequestPipe pipe;
    private final Shutdowns shutdowns;
    private final SystemState systemState;
    private final ShutdownRecorder recorder;
    private final VerbOfShutdown verbs;

    HookRequests(
            RequestPipe pipe,
            Shutdowns shutdowns,
            SystemState systemState,
            ShutdownRecorder recorder,
            VerbOfShutdown verbs) {
        this.verbs = verbs;
        this.recorder = recorder;
        this.pipe = pipe;
        this.shutdowns = shutdowns;
        this.systemState = systemState;
    }

    /**
     * Serves requests until the pipe fails.
     *
     * @throws IOException if the pipe fails
     */
    void serve() throws IOException {
        while (true) {
            serveOne();
        }
    }

    /**
     * Waits for one request and serves it.
     *
     * @throws IOException if the pipe fails
     */
    void serveOne() throws IOException {
        String request = pipe.read();
        String[] words = request.split(" ");
        boolean followed = words.length == 4 && words[0].equals("late") && words[3].equals(EXITRD);
        boolean marked = (words.length == 3 || followed) && words[2].matches("[0-9a-z]+");
        boolean asks = words.length > 1 && words[1].equals(VerbOfShutdown.UNKNOWN);
        boolean mayAsk = words[0].equals("early") && words.length == 2
                || marked && (words[0].equals("stopping") || words[0].equals("network"));
        Optional<Verb> verb = words.length > 1 && (mayAsk || !asks) ? verbs.of(words[1]) : Optional.empty();
        if (verb.isPresent() && words.length == 2 && words[0].equals("early")) {
            recorder.mark(verb.get(), Mark.EARLY);
            shutdowns.early(verb.get());
        } else if (verb.isPresent() && words.length == 2 && words[0].equals(EXITRD) && systemState.isFinalPhase()) {
            recorder.mark(verb.get(), Mark.EXITRD);
            shutdowns.exitrd(verb.get());
        } else if (verb.isPresent() && marked && words[0].equals("stopping")) {
            stopping(verb.get(), words[2], asks);
        } else if (verb.isPresent() && marked && words[0].equals("network")) {
            recorder.mark(verb.get(), Mark.NETWORK);
            shutdowns.network(verb.get(), () -> pipe.begun(words[2]));
        } else if (verb.isPresent() && marked && words[0].equals("late")) {
            late(verb.get(), new HookTalk.Hook(pipe, words[2]), followed);
        } else if (mayAsk && asks) {
            if (marked) {
                pipe.begun(words[2]);
            }
        } else {
            LOG.warn("not a request: \"{}\"", request);
        }
    }

    private void stopping(Verb verb, String mark, boolean asks) {
        if (!asks && verbs.begun().isPresent()) {
            // The query has succeeded after the script had ceased to wait for it.
            pipe.begun(mark);
            return;
        }
        verbs.publish(verb);
        recorder.asked(verb);
        shutdowns.stopping(verb);
        pipe.begun(mark);
        recorder.write();
        // Collect garbage while no hook waits: a collection during the shutdown of the drives would stop all threads.
        System.gc();
    }

    private void late(Verb verb, HookTalk.Hook hook, boolean followed) {
        if (systemState.isFinalPhase()) {
            recorder.mark(verb, Mark.LATE);
            shutdowns.late(verb, hook, followed);
        } else {
            LOG.warn("the system is not at the end of a shutdown; nothing is done");
            pipe.begun(hook.mark());
            hook.tell("end nothing is done: the system is not at the end of a shutdown");
        }
    }
}
