// SPDX-License-Identifier: Apache-2.0

/**
 * The port to the machine apart from its devices, as small interfaces: the journal, the kernel's log, the service
 * manager, the console, local sockets and pipes. {@code host.linux} implements them for Linux, {@code host.simulated}
 * for simulations.
 */
package org.quiesced.host;
