// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.quiesced.host.linux.LinuxHost;

/**
 * Prints the stage that a boot has reached: on a terminal in one line that is redrawn each second, elsewhere in a line
 * for each new stage.
 */
final class DemoProgress implements AutoCloseable {
    private static final boolean TERMINAL = LinuxHost.outputIsTerminal();

    private final long begin = System.nanoTime();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private final String name;
    private volatile String stage = "booting";

    DemoProgress(String name) {
        this.name = name;
        show();
        if (TERMINAL) {
            ticker.scheduleAtFixedRate(this::show, 1, 1, TimeUnit.SECONDS);
        }
    }

    /** Updates the stage from a line of the console. */
    void line(String line) {
        if (line.contains("slow_nvme") && line.contains("drives,")) {
            enter("up, the drives are slow now; rebooting");
        } else if (line.contains("scenario: hooks begin")) {
            enter("all is stopped, the shutdown hooks run");
        } else if (line.contains("notified") && !stage.startsWith("drives")) {
            enter("drives are shutting down");
        } else if (line.contains("Restarting system")) {
            enter("restarted");
        }
    }

    private void enter(String next) {
        stage = next;
        show();
    }

    private synchronized void show() {
        String text = String.format("  %-9s %3d s  %s", name, (System.nanoTime() - begin) / 1_000_000_000L, stage);
        System.out.print(TERMINAL ? "\r" + text + "\u001b[K" : text + System.lineSeparator());
        System.out.flush();
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        if (TERMINAL) {
            System.out.println();
        }
    }
}
