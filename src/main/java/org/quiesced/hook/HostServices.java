// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import org.quiesced.host.Console;
import org.quiesced.host.Exitrd;
import org.quiesced.host.ServiceManager;
import org.quiesced.host.SystemState;

/**
 * The services of the host that the daemon uses, apart from devices.
 *
 * @param systemState the state of the system
 * @param console the console that shows the progress of a shutdown
 * @param manager the service manager that supervises the daemon
 * @param hookLimit the time limit of the shutdown hook
 * @param exitrd the exitrd that systemd moves to after the hook, if there is one
 */
public record HostServices(
        SystemState systemState, Console console, ServiceManager manager, HookLimit hookLimit, Exitrd exitrd) {}
