// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.file.Path;
import org.quiesced.host.SysRq;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.PseudoFile;

/**
 * The commands of {@code /proc/sysrq-trigger} ({@code drivers/tty/sysrq.c}, {@code write_sysrq_trigger}). The mask
 * {@code kernel.sysrq} does not hold for them, only for the keyboard's. Needs root, and a kernel with
 * {@code CONFIG_MAGIC_SYSRQ}.
 */
public final class LinuxSysRq implements SysRq {
    /** {@code KERN_EMERG} of {@code linux/kern_levels.h}: shown whatever the console's level is. */
    private static final String EMERGENCY = "<0>";

    private final String console;
    private final String kernelLog;
    private final String trigger;

    private LinuxSysRq(Path proc, Path dev) {
        this.console = dev + "/console";
        this.kernelLog = dev + "/kmsg";
        this.trigger = proc + "/sysrq-trigger";
    }

    /** Makes the means of the running kernel. */
    public static LinuxSysRq running() {
        return at(Path.of("/proc"), Path.of("/dev"));
    }

    /**
     * Makes means that lead to files, {@code sysrq-trigger} in the first directory, {@code console} and {@code kmsg} in
     * the second.
     */
    public static LinuxSysRq at(Path proc, Path dev) {
        return new LinuxSysRq(proc, dev);
    }

    /**
     * A console that takes nothing loses the line and does not block. It stays open: to close a serial line waits until
     * what was written is sent ({@code tty_port_close_start} of {@code drivers/tty/tty_port.c}).
     */
    @Override
    public void say(String line) {
        try {
            PseudoFile.write(kernelLog, EMERGENCY + "quiesced: " + line + "\n");
        } catch (IOException e) {
            // The console may take it all the same.
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

    /** {@code sysrq_handle_sync}: the work is queued, {@code emergency_sync} of {@code fs/sync.c}. */
    @Override
    public void sync() throws IOException {
        PseudoFile.write(trigger, "s");
    }

    /** {@code sysrq_handle_mountro}: the work is queued, {@code emergency_remount} of {@code fs/super.c}. */
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
     * {@code handle_poweroff} of {@code kernel/power/poweroff.c}: {@code kernel_power_off} is queued, which walks the
     * devices.
     */
    @Override
    public void powerOff() throws IOException {
        PseudoFile.write(trigger, "o");
    }
}
