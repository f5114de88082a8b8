// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.host.Console;
import org.quiesced.host.Exitrd;
import org.quiesced.host.SysRq;
import org.quiesced.host.SystemManager;
import org.quiesced.host.SystemState;
import org.quiesced.work.WorkerSource;

/** The services of the host that the daemon runs on, apart from its devices. */
record Place(
        SystemState systemState,
        Console console,
        SysRq sysRq,
        SystemManager systemManager,
        WorkerSource workers,
        EventStream events,
        Exitrd exitrd) {}
