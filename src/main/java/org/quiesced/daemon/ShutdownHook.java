// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.linux.DevKmsg;
import org.quiesced.kernel.linux.LinuxHost;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the hook in {@code system-shutdown/} calls: {@code quiescectl run --now} with the kernel's log as its output. It is an entry point of its
 * own because the machine waits for it to start: without the command line's library it starts a third faster.
 */
public final class ShutdownHook {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private ShutdownHook() {}

    /**
     * Runs, writes {@code done} to the standard output, and ends the process, though threads may still wait for drives.
     *
     * @param arguments systemd's verb, and when the hook began, in seconds of {@code /proc/uptime}; or {@code rehearse}
     */
    public static void main(String[] arguments) {
        int code = 1;
        try {
            boolean rehearsal = List.of(arguments).equals(List.of("rehearse"));
            if (rehearsal) {
                Logging.toStandardError();
                code = rehearse();
            } else {
                Logging.toKernelLog(new DevKmsg());
                code = run(arguments);
            }
        } finally {
            Logging.close();
            System.out.println("done");
            System.out.flush();
            Runtime.getRuntime().halt(code);
        }
    }

    private static int run(String[] arguments) {
        Verb verb = arguments.length == 2 ? Verb.ofWord(arguments[0]).orElse(null) : null;
        if (verb == null) {
            LOG.error("not called as a shutdown hook; everything is left to the kernel");
            return 1;
        }
        if (!LinuxHost.isRoot()) {
            LOG.error("only root may shut devices down; everything is left to the kernel");
            return 1;
        }
        try {
            OneShot oneShot = new OneShot(LinuxKernel.running(), ConfigFiles.load(ConfigFiles.SYSTEM), verb);
            return oneShot.run(LinuxHost.since(arguments[1])).isGood() ? 0 : 1;
        } catch (ConfigException e) {
            ConfigProblems.log(e);
            LOG.error("the configuration is broken; everything is left to the kernel");
        } catch (IOException e) {
            LOG.error("{}; everything is left to the kernel", e.getMessage());
        }
        return 1;
    }

    /** Goes the way of a run without touching a device: for an archive of the classes that it needs. */
    private static int rehearse() {
        try {
            LinuxHost.isRoot();
            LinuxKernel.running().readTree();
            Machine machine = BuiltInMachines.byName("cloud-2").orElseThrow();
            new OneShot(new SimulatedKernel(machine), ConfigFiles.load(ConfigFiles.SYSTEM), Verb.REBOOT)
                    .run(Duration.ZERO);
            return 0;
        } catch (ConfigException | IOException e) {
            LOG.error("{}", e.getMessage());
            return 1;
        }
    }
}
