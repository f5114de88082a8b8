// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.kernel.GracePeriods;

/** The switch that the kernel has for grace periods in {@code /sys/kernel} ({@code kernel/ksysfs.c}, {@code rcu_expedited}). */
final class SysfsGracePeriods implements GracePeriods {
    private final String file;

    SysfsGracePeriods(Path sys) {
        this.file = sys + "/kernel/rcu_expedited";
    }

    @Override
    public Runnable expedite() {
        Optional<String> before = SysfsFile.read(file);
        before.ifPresent(value -> set("1"));
        return () -> before.ifPresent(this::set);
    }

    private void set(String value) {
        try {
            SysfsFile.write(file, value);
        } catch (IOException e) {
            // The kernel takes its time then, and nothing is wrong.
            return;
        }
    }
}
