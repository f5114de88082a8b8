// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

/** SIGHUP, which asks a daemon to read its configuration again. Java has no other way to hear of it than a class that is called internal. */
final class Hangup {
    private Hangup() {}

    /** Runs something at each SIGHUP, on a thread of Java's own. */
    static void handle(Runnable reaction) {
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), signal -> reaction.run());
    }
}
