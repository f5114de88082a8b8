// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A permission that is given up is lost in all threads of a process. Tested in a separate process. */
class SeccompTest {
    private static final int FORBIDDEN = 1;

    /**
     * Detaches a path that does not exist. The call fails with ENOENT or EINVAL if it is allowed, but with EPERM if it
     * is forbidden or the capability is missing, so only root can tell the difference.
     */
    static final class Forbidding {
        private Forbidding() {}

        private static int tryIt() {
            try {
                Host.detachMount("/nonexistent");
                return 0;
            } catch (ErrnoException e) {
                return e.errno();
            }
        }

        public static void main(String[] arguments) throws Exception {
            CountDownLatch forbidden = new CountDownLatch(1);
            StringBuilder seen = new StringBuilder();
            Thread older = new Thread(() -> {
                try {
                    forbidden.await();
                } catch (InterruptedException e) {
                    return;
                }
                seen.append(tryIt());
            });
            older.start();
            int before = tryIt();
            Seccomp.forbidMounting();
            int after = tryIt();
            forbidden.countDown();
            older.join();
            System.out.println(before + " " + after + " " + seen);
        }
    }

    @Test
    void mountingIsForbiddenInAllThreads() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forbidding.class.getName()))
                .start();
        String said = process.inputReader().readLine();
        assertThat(process.waitFor()).isZero();

        String[] errors = said.split(" ");
        // ENOENT as root, EPERM otherwise.
        assertThat(errors[0]).isEqualTo(Host.isRoot() ? "2" : "1");
        assertThat(errors[1]).isEqualTo(Integer.toString(FORBIDDEN));
        assertThat(errors[2]).isEqualTo(Integer.toString(FORBIDDEN));
    }
}
