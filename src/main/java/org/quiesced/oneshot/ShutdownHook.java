// SPDX-License-Identifier: Apache-2.0
package org.quiesced.oneshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HookTalk;
import org.quiesced.host.SystemState;
import org.quiesced.host.linux.DevKmsg;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.host.linux.LinuxSysRq;
import org.quiesced.host.linux.LinuxSystemState;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.ConfigProblems;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.IdleWorkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point of the one-shot command for the hook in {@code system-shutdown/}: {@code quiescectl run --now} with the
 * kernel's log as its output. It is separate from quiescectl because it starts a third faster without the library for
 * the command line.
 */
public final class ShutdownHook {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private static final ConfigFiles CONFIG_FILES = new ConfigFiles(DriveTypes.SUPPORTED.drivers());

    private static final int ARGUMENTS = 3;
    private static final Path RUN = Path.of("/run/quiesced");

    private ShutdownHook() {}

    /**
     * Executes the run, writes {@code done} to the standard output, for which the hook waits, and ends the process when
     * no thread waits for a drive any more. Does not end while a controller must be kept until the machine ends.
     *
     * @param arguments systemd's verb, the start of the hook in seconds of {@code /proc/uptime}, and its process
     *     number; or {@code warm-up}
     */
    public static void main(String[] arguments) {
        int code = 1;
        Optional<Task> task = Optional.empty();
        try {
            boolean warmUp = List.of(arguments).equals(List.of("warm-up"));
            if (warmUp) {
                Logging.toStandardError();
                code = warmUp();
            } else {
                Logging.toKernelLog(new DevKmsg());
                task = prepare(arguments);
                code = task.isPresent() && run(task.get()) ? 0 : 1;
            }
        } finally {
            Logging.close();
            System.out.println("done");
            System.out.flush();
            task.map(Task::oneShot).ifPresent(ShutdownHook::awaitUnfinished);
            Runtime.getRuntime().halt(code);
        }
    }

    /** The request and its time limit. */
    private record Task(OneShot oneShot, Duration deadline) {}

    private static Optional<Task> prepare(String... arguments) {
        Verb verb = arguments.length == ARGUMENTS ? Verb.ofWord(arguments[0]).orElse(null) : null;
        SystemState systemState = new LinuxSystemState();
        if (verb == null) {
            LOG.error("not called as a shutdown hook; everything is left to the kernel");
        } else if (!LinuxHost.isRoot()) {
            LOG.error("only root may shut devices down; everything is left to the kernel");
        } else if (systemState.isContainer()) {
            LOG.error("this is a container; nothing is done");
        } else if (!systemState.isFinalPhase()) {
            LOG.error("the system is not at the end of a shutdown; nothing is done");
        } else {
            try {
                Config config = CONFIG_FILES.load(ConfigFiles.SYSTEM);
                OneShot oneShot = new OneShot(
                        LinuxKernel.running(DriveTypes.SUPPORTED.attributes()),
                        new IdleWorkers(),
                        config,
                        verb,
                        new HookRecord(RUN, verb, LinuxHost::bootId, System::nanoTime));
                watch(systemState.process(arguments[2]), oneShot);
                Duration spent = LinuxHost.since(arguments[1]);
                return Optional.of(new Task(oneShot, new HookLimit(RUN).deadline(config.deadline(), spent)));
            } catch (ConfigException e) {
                ConfigProblems.log(e);
                LOG.error("the configuration is invalid; everything is left to the kernel");
            }
        }
        return Optional.empty();
    }

    private static boolean run(Task task) {
        try {
            return task.oneShot().run(task.deadline()).isGood();
        } catch (IOException e) {
            LOG.error("{}; everything is left to the kernel", e.getMessage());
            return false;
        }
    }

    /** Locks the memory first, because the kernel may shut down the disk that holds the code. */
    private static void awaitUnfinished(OneShot oneShot) {
        try {
            LinuxHost.lockMemory();
        } catch (IOException e) {
            LOG.debug("{}", e.getMessage());
        }
        try {
            oneShot.awaitUnfinished(LinuxSysRq.running());
        } catch (InterruptedException e) {
            // Nothing interrupts this thread, and drives may be in flight.
            oneShot.awaitUnfinished();
        }
        oneShot.awaitEndOfMachine();
    }

    /** Abandons the run when the hook has ended, because the kernel's own walk may begin. */
    private static void watch(Optional<SystemState.HostProcess> hook, OneShot oneShot) {
        Thread watch = new Thread(
                () -> {
                    while (hook.isPresent() && hook.get().isAlive()) {
                        LockSupport.parkNanos(HookTalk.HEARTBEAT.toNanos());
                    }
                    oneShot.abandon();
                },
                "hook");
        watch.setDaemon(true);
        watch.start();
    }

    /** Executes a run on a simulated machine, so that the classes that it loads can be archived. */
    private static int warmUp() {
        try {
            LinuxHost.isRoot();
            LinuxKernel.running(DriveTypes.SUPPORTED.attributes()).readTree();
            Machine machine = BuiltInMachines.byName("cloud-2").orElseThrow();
            SimulatedKernel kernel = new SimulatedKernel(machine);
            HookRecord record = new HookRecord(RUN, Verb.REBOOT, LinuxHost::bootId, System::nanoTime);
            new OneShot(kernel, kernel.workers(), CONFIG_FILES.load(ConfigFiles.SYSTEM), Verb.REBOOT, record)
                    .run(Config.DEFAULT_DEADLINE);
            return 0;
        } catch (ConfigException | IOException e) {
            LOG.error("{}", e.getMessage());
            return 1;
        }
    }
}
