// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsGracePeriodsTest {
    @TempDir
    private Path sys;

    private Path kernelHas(String value) throws IOException {
        Files.createDirectories(sys.resolve("kernel"));
        return Files.writeString(sys.resolve("kernel/rcu_expedited"), value);
    }

    @Test
    void theSwitchIsSetAndPutBack() throws IOException {
        Path file = kernelHas("0\n");

        Runnable asBefore = new SysfsGracePeriods(sys).expedite();

        assertThat(file).content().startsWith("1");
        asBefore.run();
        assertThat(file).content().startsWith("0");
    }

    @Test
    void whatTheAdministratorSetStaysSet() throws IOException {
        Path file = kernelHas("1\n");

        new SysfsGracePeriods(sys).expedite().run();

        assertThat(file).content().startsWith("1");
    }

    @Test
    void aKernelWithoutTheSwitchIsLeftAsItIs() {
        new SysfsGracePeriods(sys).expedite().run();

        assertThat(sys).isEmptyDirectory();
    }
}
