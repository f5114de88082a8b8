// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.host.Console;
import org.quiesced.linux.NativeFile;

/**
 * The device {@code /dev/console}, opened for each line's attempt until that succeeds once, and then kept open: to
 * close a serial line waits until all that was written is sent ({@code tty_port_close_start} in
 * {@code drivers/tty/tty_port.c}), which may be never. Not for use by several threads.
 */
public final class SystemConsole implements Console {
    private final Path path;
    private Optional<NativeFile> file = Optional.empty();

    /** Makes the console of this machine; opens nothing yet. */
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
