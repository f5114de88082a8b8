// SPDX-License-Identifier: Apache-2.0

/**
 * The port to the machine apart from its devices, as small interfaces: the journal, the kernel's log, the service
 * manager, the console, local sockets and pipes. {@code host.linux} is the real one, {@code host.simulated} its twin.
 */
package org.quiesced.host;
