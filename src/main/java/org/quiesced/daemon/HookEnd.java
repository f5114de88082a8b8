// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.config.Config;
import org.quiesced.hook.HookTalk;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.run.PreparedPlan;
import org.quiesced.shutdown.Verb;

/** Decides when the shutdown hook may go. */
final class HookEnd {
    private HookEnd() {}

    /**
     * Returns when the hook may go. If an exitrd follows, whose hook waits for all devices, it may go at once unless a
     * device would be worse off than without us, should systemd not get to the exitrd. The kernel's walk then shuts
     * each device down that still has its driver, and waits for one that is just losing it. A disk that is stopped
     * after its driver is gone would not be stopped by anybody, so the hook waits for it. A drive that is notified by
     * its registers would be notified late or not at all, as without us. Without an exitrd the configuration decides,
     * or how the kernel walks.
     *
     * @param followed whether an exitrd follows
     */
    static HookTalk.End of(Config config, PreparedPlan prepared, Verb verb, boolean followed) {
        if (followed && prepared.plan().dispositions().stream().allMatch(each -> isSafeToLeave(each, verb))) {
            return HookTalk.End.AT_ONCE;
        }
        return followed || config.handsOver(prepared.plan().walk())
                ? HookTalk.End.WITH_THE_KERNEL
                : HookTalk.End.WITH_THE_RUN;
    }

    private static boolean isSafeToLeave(Disposition disposition, Verb verb) {
        return !(disposition instanceof Handled handled)
                || handled.method().endsWithDriver(handled.target(), verb)
                || !handled.method().delaysWalk();
    }
}
