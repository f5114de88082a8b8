// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import org.quiesced.host.Console;
import org.quiesced.host.ServiceManager;
import org.quiesced.host.SystemState;

/**
 * Services of the host that the daemon uses besides devices.
 *
 * @param systemState the machine that it runs on
 * @param console where it shows how far a shutdown is
 * @param manager the service manager that supervises it
 * @param hookLimit how long its hook may take
 */
public record HostServices(SystemState systemState, Console console, ServiceManager manager, HookLimit hookLimit) {}
