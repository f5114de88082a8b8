// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.config.Config;
import org.quiesced.hook.HookTalk;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.run.PreparedPlan;
import org.quiesced.shutdown.Verb;

/** Determines when the shutdown hook may return. */
final class HookEnd {
    private HookEnd() {}

    /**
     * Returns when the hook may return.
     *
     * <p>If an exitrd follows, its hook waits for all devices. The present hook returns at once, provided that no
     * device would be worse off than without this program if systemd did not reach the exitrd: the kernel's walk shuts
     * down each device that still has its driver, and waits for a driver that is being unbound. Only a disk that is
     * stopped after its driver is gone would be worse off, because nothing else would stop it. A drive that is notified
     * by its registers would at worst not be notified, as without this program.
     *
     * <p>Without an exitrd, the configuration and the kernel's walk determine it ({@link Config#handsOver}).
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
