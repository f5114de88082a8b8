// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.hook.HookTalk;
import org.quiesced.host.RequestPipe;

/** The hook's end of the pipe, which records what the daemon writes. */
public final class HeardAnswers implements RequestPipe {
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final List<String> begun = new CopyOnWriteArrayList<>();

    /** Returns a hook with the number 1 whose answers are recorded here. */
    public HookTalk.Hook hook() {
        return new HookTalk.Hook(this, "1");
    }

    /** Returns the lines that hooks have received, in a list that grows with them. */
    public List<String> answers() {
        return answers;
    }

    /** Returns the marks of the hooks whose run has begun, in a list that grows with them. */
    List<String> begun() {
        return begun;
    }

    @Override
    public String read() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void answer(String line) {
        answers.add(line);
    }

    @Override
    public void begun(String mark) {
        begun.add(mark);
    }

    @Override
    public void close() {}
}
