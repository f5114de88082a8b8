// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.hook.Progress;
import org.quiesced.run.Run;

/**
 * A run that is under way, and what is known of it.
 *
 * @param progress how far it is
 */
record Current(Run run, Progress progress) {}
