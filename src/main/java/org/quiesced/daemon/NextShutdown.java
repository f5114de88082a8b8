// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.Optional;
import org.quiesced.hook.Progress;
import org.quiesced.shutdown.Verb;

/**
 * A shutdown that begins when the one before it has been undone.
 *
 * @param progress how far it is
 * @param deadline when the late phase must be over, by {@link System#nanoTime}; empty for an early phase
 */
record NextShutdown(Verb verb, Progress progress, Optional<Long> deadline) {}
