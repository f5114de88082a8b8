// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.kernel.Console;
import org.quiesced.kernel.ServiceManager;
import org.quiesced.kernel.Surroundings;

/**
 * What the daemon has to do with besides devices.
 *
 * @param surroundings the machine that it runs on
 * @param console where it shows how far a shutdown is
 * @param manager who watches over it
 * @param hookLimit how long its hook may take
 */
record Host(Surroundings surroundings, Console console, ServiceManager manager, HookLimit hookLimit) {}
