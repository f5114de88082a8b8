// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.host.Console;
import org.quiesced.linux.NativeFile;

/**
 * The device {@code /dev/console}. It is opened at the first line for which that succeeds, and stays open: closing a
 * serial line waits until its output is sent ({@code tty_port_close_start} in {@code drivers/tty/tty_port.c}), possibly
 * forever. Not thread-safe.
 */
public final class SystemConsole implements Console {
    private final Path path;
    private Optional<NativeFile> file = Optional.empty();

    /** Creates the console of this machine without opening it. */
    public SystemConsole() {
        this(Path.of("/dev/console"));
    }

    SystemConsole(Path path) {
        this.path = path;
    }

    @Override
    public void show(String line) {
        try {
            if (file.isEmpty()) {
                file = Optional.of(NativeFile.openForWords(path.toString()));
            }
            file.get().write(line + "\n");
        } catch (IOException e) {
            return;
        }
    }
}
