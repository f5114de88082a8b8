// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.guard.ForcedEnd;
import org.quiesced.guard.Guard;
import org.quiesced.guard.Threads;
import org.quiesced.hook.ExitrdOutlook;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.LocalListener;
import org.quiesced.host.SystemState;
import org.quiesced.host.linux.DevKmsg;
import org.quiesced.host.linux.FifoPair;
import org.quiesced.host.linux.FormerRoot;
import org.quiesced.host.linux.JournalSocket;
import org.quiesced.host.linux.LinuxExitrd;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.host.linux.LinuxSysRq;
import org.quiesced.host.linux.LinuxSystemState;
import org.quiesced.host.linux.LocalSocket;
import org.quiesced.host.linux.MappedFiles;
import org.quiesced.host.linux.SystemConsole;
import org.quiesced.host.linux.SystemdNotifier;
import org.quiesced.host.linux.SystemdPrivateBus;
import org.quiesced.host.simulated.SimulatedExitrd;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.host.simulated.SimulatedSystemManager;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.kernel.DeviceEvents;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.kernel.linux.UeventSocket;
import org.quiesced.kernel.simulated.SimulatedEvents;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.ConfigProblems;
import org.quiesced.log.LogLimit;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.simulation.DryRun;
import org.quiesced.snapshot.ExpectedTimesFile;
import org.quiesced.snapshot.SnapshotReader;
import org.quiesced.warmup.WarmUpKernel;
import org.quiesced.work.IdleWorkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entry point of the daemon. */
public final class Quiesced {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /** {@code EX_CONFIG} of {@code sysexits.h}. The unit does not restart the daemon after this exit status. */
    static final int INVALID_CONFIG = 78;

    /**
     * File name suffix of a class data sharing archive. {@code bin/lifeboat} removes the file once the daemon has
     * private copies of its pages.
     */
    private static final String CLASSES = ".jsa";

    private Quiesced() {}

    /**
     * Runs the daemon, which does not return. With the single argument {@code warm-up}, executes only the steps before
     * the daemon is ready, on devices that are files, so that the classes that they load can be archived.
     */
    public static void main(String[] arguments) {
        boolean warmUp = List.of(arguments).equals(List.of("warm-up"));
        Options options = arguments.length == 0 || warmUp ? Options.SERVICE : OptionsParser.parse(arguments);
        try {
            if (warmUp) {
                warmUp();
            } else if (options.machine().isPresent()) {
                Logging.toStandardError();
                SimulatedKernel kernel =
                        SimulatedKernel.inRealTime(options.machine().get());
                Place place = new Place(
                        new SimulatedSystemState(),
                        line -> {},
                        new SimulatedSysRq(),
                        new SimulatedSystemManager(),
                        kernel.workers(),
                        new EventStream(),
                        new SimulatedExitrd());
                serve(start(options, kernel, new SimulatedEvents(), new SimulatedStop(kernel), place));
            } else {
                Logging.ShutdownLog log = Logging.toJournal(new JournalSocket(), new DevKmsg());
                if (!LinuxHost.isRoot()) {
                    throw new IOException("only root may shut devices down (try --simulated)");
                }
                // First, because the daemon holds every file system that was mounted until it has detached the former
                // root.
                FormerRoot.detach();
                SystemState systemState = new LinuxSystemState();
                if (systemState.isContainer()) {
                    throw new IOException("this is a container, and the devices are not its own");
                }
                Place place = new Place(
                        systemState,
                        new SystemConsole(),
                        LinuxSysRq.running(),
                        new SystemdPrivateBus(),
                        new IdleWorkers(),
                        new EventStream(),
                        new LinuxExitrd(options.runtimeDirectory()));
                MappedFiles.unmapUnchanged();
                Running running = start(
                        options,
                        LinuxKernel.running(DriveTypes.SUPPORTED.attributes()),
                        new UeventSocket(),
                        log,
                        place);
                MappedFiles.copy(CLASSES);
                LinuxHost.lockMemory();
                serve(running);
            }
        } catch (ConfigException e) {
            ConfigProblems.log(e);
            fail("the configuration is invalid", INVALID_CONFIG);
        } catch (IOException e) {
            fail(Objects.requireNonNullElse(e.getMessage(), e.toString()), 1);
        } catch (InterruptedException e) {
            fail("interrupted", 1);
        }
    }

    /** Releases all disks of a simulated machine when its shutdown begins, as there is no systemd to do that. */
    private static final class SimulatedStop extends Logging.NoLog {
        private final SimulatedKernel kernel;

        SimulatedStop(SimulatedKernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public void begin() {
            kernel.letGo(DiskUser.Release.EARLY);
            kernel.letGo(DiskUser.Release.LATE);
        }
    }

    private record Running(Path directory, Daemon daemon, Shutdowns shutdowns, Threads threads) {}

    /**
     * Executes all steps before the daemon is ready.
     *
     * @param events a subscription from before the tree is read, so that no change is missed
     */
    private static Running start(
            Options options, Kernel kernel, DeviceEvents events, Logging.ShutdownLog log, Place place)
            throws ConfigException, IOException, InterruptedException {
        Path directory = options.runtimeDirectory();
        Files.createDirectories(directory);
        SnapshotReader reader = new SnapshotReader(
                kernel,
                place.workers(),
                DriveTypes.SUPPORTED,
                new ExitrdOutlook(directory)::obstacle,
                new ExpectedTimesFile(directory));
        reader.tidyUp();
        SystemState systemState = place.systemState();
        HostServices host = new HostServices(
                systemState,
                place.console(),
                new SystemdNotifier(System.getenv()),
                new HookLimit(directory),
                place.exitrd());
        NamesFile rootDrives = NamesFile.ofRootDrives(directory);
        NamesFile pools = NamesFile.ofPools(directory);
        Daemon daemon = new Daemon(reader, options::load, host.manager(), plan -> {
            rootDrives.publish(plan);
            pools.publish(plan);
        });
        WarmUp.in(options.scratch().resolve("quiesced-warm-up"), daemon.current(), log);
        Prefetch.begin(daemon.current().ready().plan(), kernel, place.workers());
        ForcedEnd end = new ForcedEnd(kernel, place.workers(), place.sysRq(), ForcedEnd.Waits.NORMAL);
        Guard guard = new Guard(
                end,
                place.systemManager(),
                systemState::isFinalPhase,
                systemState::killTimeout,
                log,
                daemon::shutdownWasCancelled);
        ShutdownRecorder recorder =
                new ShutdownRecorder(Optional.of(directory), ShutdownRecorder.Boot.running(), daemon::current);
        Shutdowns shutdowns =
                new Shutdowns(kernel, place.workers(), daemon, new Reports(log, place.events(), recorder), host, guard);
        Threads threads = new Threads(shutdowns::isInFlight);
        VerbOfShutdown verbs = new VerbOfShutdown(place.systemManager(), directory);
        guard.start(threads, () -> {
            verbs.withdraw();
            recorder.cancelled();
            shutdowns.cancel();
        });
        threads.start(
                "tree", new TreeWatch(events, DriveTypes.SUPPORTED.watchedSubsystems(), daemon::treeHasChanged)::watch);
        threads.start("drives", daemon::askDrives);
        shutdowns.start(threads);
        threads.start(
                "trigger", new HookRequests(new FifoPair(directory), shutdowns, systemState, recorder, verbs)::serve);
        threads.start("socket", control(directory, daemon, shutdowns, place.events())::serve);
        threads.outliveSignals();
        // Frees the garbage of the start.
        System.gc();
        return new Running(directory, daemon, shutdowns, threads);
    }

    private static ControlServer control(Path directory, Daemon daemon, Shutdowns shutdowns, EventStream stream)
            throws IOException {
        Path path = directory.resolve(ControlInterface.NAME);
        Optional<String> group = daemon.current().config().group();
        LocalListener listener;
        try {
            listener = LocalSocket.listen(path, group);
        } catch (UserPrincipalNotFoundException e) {
            // Continue without the group: it does not affect a shutdown.
            LOG.warn("group \"{}\": there is no such group; only root may query the daemon", e.getName());
            group = Optional.empty();
            listener = LocalSocket.listen(path, group);
        }
        Optional<Integer> number =
                group.isPresent() ? Optional.of((Integer) Files.getAttribute(path, "unix:gid")) : Optional.empty();
        ConnectionLimits limits = new ConnectionLimits(LinuxHost.user());
        ServiceInterface service = new ServiceInterface(LogLimit::set, System::getenv);
        return new ControlServer(
                listener, new ControlInterface(daemon, shutdowns, stream, limits, number, service, DryRun::of), limits);
    }

    private static void serve(Running running) throws IOException {
        // Written last: a reader that sees the pid may rely on the pipes.
        ProcessFile.publish(
                running.directory().resolve("pid"), ProcessHandle.current().pid());
        running.threads().run("main", () -> running.daemon().run(running.shutdowns()));
    }

    private static void warmUp() throws ConfigException, IOException, InterruptedException {
        // Not a random name: the random number generator would be loaded, and its classes archived.
        Path directory =
                Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"), "quiesced-" + System.nanoTime()));
        Logging.ShutdownLog log = Logging.toJournal(new JournalSocket(), (priority, line) -> {});
        Options options = new Options(Optional.empty(), Optional.empty(), directory);
        DriveTypes types = DriveTypes.SUPPORTED.askedFor(Config.DEFAULT);
        try (WarmUpKernel kernel = WarmUpKernel.in(directory.resolve("machine"), types)) {
            // Loads the code that reads a configuration; no configuration file exists here.
            new ConfigFiles(DriveTypes.SUPPORTED.drivers()).shipped();
            WarmUpEvents down = new WarmUpEvents();
            Place place = new Place(
                    kernel.systemState(),
                    line -> {},
                    kernel.sysRq(),
                    new SystemdPrivateBus(),
                    new IdleWorkers(),
                    down,
                    kernel.exitrd());
            MappedFiles.unmapUnchanged();
            start(options, kernel, new SimulatedEvents(), log, place);
            MappedFiles.copy(CLASSES);
            askOnce(directory);
            if (down.takeDown() != kernel.drivesOfLatePhase()) {
                throw new IOException("the warm-up has failed");
            }
        }
        Logging.close();
        Runtime.getRuntime().halt(0);
    }

    /** Sends one request as the hook does, so that the code of the threads is loaded. */
    private static void askOnce(Path directory) throws IOException {
        try (RandomAccessFile request =
                        new RandomAccessFile(directory.resolve("request").toFile(), "rw");
                RandomAccessFile answer =
                        new RandomAccessFile(directory.resolve("answer").toFile(), "rw")) {
            request.writeBytes("late reboot 1\n");
            String line = answer.readLine();
            while (!line.startsWith("1 end ")) {
                line = answer.readLine();
            }
        }
    }

    private static void fail(String message, int code) {
        LOG.error("{}", message);
        Logging.close();
        Runtime.getRuntime().halt(code);
    }
}
