// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.quiesced.kernel.User;
import org.quiesced.linux.Tasks;

/**
 * Time for one scan of the open files of all processes, on a tree in memory that has the shape of {@code /proc}: each
 * process has one thread and 20 descriptors, of which two are {@code /dev/null}, eight are sockets, and ten are regular
 * files. {@code single} is the first scan of a process, as in the one-shot command.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OpenFilesBenchmark {
    private static final int DESCRIPTORS = 20;

    /** Number of processes. */
    @Param({"50", "5000"})
    private int processes;

    private Path root;

    /** Creates the tree. */
    @Setup
    public void makeProc() throws IOException {
        root = Files.createTempDirectory(Path.of("/dev/shm"), "quiesced-proc");
        FakeProc proc = new FakeProc(root.resolve("proc"));
        String regular = Files.createFile(root.resolve("regular")).toString();
        for (int i = 0; i < processes; i++) {
            int id = 1_000 + i;
            proc.process(id, "worker", "0::/system.slice/worker@" + i + ".service");
            for (int number = 0; number < DESCRIPTORS; number++) {
                proc.open(String.valueOf(id), number, file(number, regular), FakeProc.READ_WRITE);
            }
        }
    }

    private static String file(int number, String regular) {
        if (number < 2) {
            return "/dev/null";
        }
        return number < 10 ? "socket:[4711]" : regular;
    }

    /** Deletes the tree. */
    @TearDown
    public void removeProc() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Scans with warm code, as the daemon does after its warm-up. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Fork(1)
    @Warmup(iterations = 5, time = 2)
    @Measurement(iterations = 5, time = 2)
    public Map<Node, User> scan() throws IOException {
        Map<Node, User> users = new HashMap<>();
        new OpenNodes(root.resolve("proc").toString(), ProcessHandle.current().pid(), Tasks::shareOpenFiles, users)
                .scan();
        return users;
    }

    /** Scans once with cold code. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(5)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public Map<Node, User> single() throws IOException {
        return scan();
    }
}
