// SPDX-License-Identifier: Apache-2.0

/** What the daemon knows of the machine at a moment: the configuration, the tree, the plan; and how it is read. */
package org.quiesced.snapshot;
