// SPDX-License-Identifier: Apache-2.0

/** The services of a Linux host: journald, {@code /dev/kmsg}, systemd, the console, sockets, pipes, and signals. */
package org.quiesced.host.linux;
