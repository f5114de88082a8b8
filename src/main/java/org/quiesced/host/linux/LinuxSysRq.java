// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quiesced.host.SysRq;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;

/**
 * The commands of {@code /proc/sysrq-trigger} ({@code drivers/tty/sysrq.c}, {@code write_sysrq_trigger}). The mask
 * {@code kernel.sysrq} restricts only the keyboard. Needs root, and a kernel with {@code CONFIG_MAGIC_SYSRQ}.
 */
public final class LinuxSysRq implements SysRq {
    /** {@code KERN_EMERG} of {@code linux/kern_levels.h}: shown at every console level. */
    private static final String EMERGENCY = "<0>";

    private static final Pattern UNWRITTEN = Pattern.compile("(?:Dirty|Writeback): +(\\d{1,18}) kB");

    private final String console;
    private final String kernelLog;
    private final String trigger;
    private final String memory;

    private LinuxSysRq(Path proc, Path dev) {
        this.console = dev + "/console";
        this.kernelLog = dev + "/kmsg";
        this.trigger = proc + "/sysrq-trigger";
        this.memory = proc + "/meminfo";
    }

    /** Creates the commands of the running kernel. */
    public static LinuxSysRq running() {
        return at(Path.of("/proc"), Path.of("/dev"));
    }

    /**
     * Creates commands that write to files: {@code sysrq-trigger} in the first directory, {@code console} and {@code
     * kmsg} in the second.
     */
    public static LinuxSysRq at(Path proc, Path dev) {
        return new LinuxSysRq(proc, dev);
    }

    /**
     * Writes a line; a console that is full drops it. The console stays open, because closing a serial line waits until
     * its output is sent ({@code tty_port_close_start} of {@code drivers/tty/tty_port.c}).
     */
    @Override
    public void say(String line) {
        try {
            PseudoFile.write(kernelLog, EMERGENCY + "quiesced: " + line + "\n");
        } catch (IOException e) {
            // Try the console too.
        }
        sayOnConsole(line);
    }

    private void sayOnConsole(String line) {
        try {
            NativeFile file = NativeFile.openForWords(console);
            file.write("\r\nquiesced: " + line + "\r\n");
        } catch (IOException e) {
            return;
        }
    }

    /** {@code sysrq_handle_sync}: queues {@code emergency_sync} of {@code fs/sync.c}. */
    @Override
    public void sync() throws IOException {
        PseudoFile.write(trigger, "s");
    }

    /** The sum of {@code Dirty} and {@code Writeback} of proc(5), meminfo. */
    @Override
    public OptionalLong unwritten() {
        Optional<String> text = PseudoFile.read(memory);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(text.get()
                        .lines()
                        .map(UNWRITTEN::matcher)
                        .filter(Matcher::matches)
                        .mapToLong(line -> Long.parseLong(line.group(1)))
                        .sum());
    }

    /** {@code sysrq_handle_mountro}: queues {@code emergency_remount} of {@code fs/super.c}. */
    @Override
    public void remountReadOnly() throws IOException {
        PseudoFile.write(trigger, "u");
    }

    /**
     * {@code sysrq_handle_reboot}: {@code emergency_restart} of {@code kernel/reboot.c}, which does not walk the
     * devices.
     */
    @Override
    public void restart() throws IOException {
        PseudoFile.write(trigger, "b");
    }

    /**
     * {@code handle_poweroff} of {@code kernel/power/poweroff.c}: queues {@code kernel_power_off}, which walks the
     * devices.
     */
    @Override
    public void powerOff() throws IOException {
        PseudoFile.write(trigger, "o");
    }
}
