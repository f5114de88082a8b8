// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.quiesced.config.Nearest;
import org.quiesced.report.Version;
import org.quiesced.simulation.Machines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of {@code quiescectl}. The exit code is 0 on success and 1 on failure, as of systemd's tools. */
@Command(
        name = "quiescectl",
        versionProvider = Main.VersionProvider.class,
        description = "Shut this machine's storage down in parallel, in dependency order.",
        subcommands = {
            StatusCommand.class,
            PlanCommand.class,
            MonitorCommand.class,
            ReloadCommand.class,
            RunCommand.class,
            SimulateCommand.class,
            CaptureCommand.class,
            VerifyCommand.class,
            TimeCommand.class,
            BlameCommand.class,
            CriticalChainCommand.class,
            HistoryCommand.class,
            HealthCommand.class,
            ReportCommand.class,
            DiffCommand.class,
            PlotCommand.class,
            DotCommand.class,
            TreeCommand.class,
            ExplainCommand.class,
            CatConfigCommand.class,
            DoctorCommand.class,
            CompleteRecordCommand.class
        })
/** The command {@code quiescectl} itself, which only selects a verb. */
public final class Main implements Runnable {
    /** Width of a help text that is not written to a terminal, in columns. */
    private static final int HELP = 80;
    /** Minimum width that picocli accepts, in columns. */
    private static final int NARROWEST_HELP = 55;

    private static final Set<String> OF_THE_COMMAND = Set.of("-h", "--help", "--version");

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
    private boolean version;

    Main() {}

    /** Runs the command and ends the process with its exit code, even while other threads wait for the kernel. */
    public static void main(String[] arguments) {
        // System.out hides write errors.
        CheckedOutput output = new CheckedOutput(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(output, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int code = execute(out, err, Terminal.STANDARD_OUTPUT, arguments);
        out.flush();
        int last = output.exitCode(code, err);
        err.flush();
        Runtime.getRuntime().halt(last);
    }

    /**
     * Runs the command.
     *
     * @param terminal the terminal that the output goes to
     * @return the exit code
     */
    static int execute(PrintWriter out, PrintWriter err, Terminal terminal, String... arguments) {
        Output output = new Output(out, err, terminal);
        CommandLine commands = new CommandLine(new Main(), new Factory(output));
        commands.setOut(out);
        commands.setErr(err);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setUsageHelpWidth(Math.max(NARROWEST_HELP, terminal.isThere() ? terminal.columns() : HELP));
        commands.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        commands.setParameterExceptionHandler((failure, given) -> {
            err.println("quiescectl: " + oneLine(failure));
            return 1;
        });
        commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof Failure || failure instanceof Machines.UnknownMachineException) {
                message(failure).lines().forEach(line -> err.println("quiescectl: " + line));
            } else {
                err.println("quiescectl: this is a defect, please report it: " + failure);
                failure.printStackTrace(err);
            }
            return 1;
        });
        List<String> all = List.of(arguments);
        int verb = (int)
                all.stream().takeWhile(argument -> argument.startsWith("-")).count();
        Set<String> verbs = commands.getSubcommands().keySet();
        if (verb < all.size() && !verbs.contains(all.get(verb))) {
            err.println("quiescectl: unknown verb \"" + all.get(verb) + "\""
                    + Nearest.hint(all.get(verb), verbs)
                            .map(hint -> ": " + hint)
                            .orElse("")
                    + (verb > 0 ? "; before the verb, options have their values after a \"=\"" : "")
                    + " (see \"quiescectl --help\")");
            return 1;
        }
        return commands.execute(verbFirst(all, verb));
    }

    /**
     * Moves the verb before the options, which may precede it, as with systemd's tools, if their values are attached.
     * Options of the command itself stay there.
     *
     * @param verb the index of the verb; the number of arguments if there is none
     */
    private static String[] verbFirst(List<String> arguments, int verb) {
        List<String> ordered = new ArrayList<>(arguments);
        if (verb < arguments.size() && arguments.subList(0, verb).stream().noneMatch(OF_THE_COMMAND::contains)) {
            ordered.add(0, ordered.remove(verb));
        }
        return ordered.toArray(String[]::new);
    }

    private static String oneLine(ParameterException failure) {
        String message = message(failure).lines().findFirst().orElse("bad arguments");
        return message + " (see \"" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help\")";
    }

    private static String message(Exception failure) {
        return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no verb given");
    }

    /** Creates the commands with their output. */
    private record Factory(Output output) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            return VerbCommand.class.isAssignableFrom(type)
                    ? type.getDeclaredConstructor(Output.class).newInstance(output)
                    : CommandLine.defaultFactory().create(type);
        }
    }

    /** Provides the text of {@code --version}. */
    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"quiesced " + Version.current()};
        }
    }
}
