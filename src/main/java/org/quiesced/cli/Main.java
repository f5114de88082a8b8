// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.quiesced.config.Nearest;
import org.quiesced.report.Version;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.Machines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The entry point of {@code quiescectl}. The exit code is 0 on success and 1 on failure, as of systemd's tools. */
@Command(
        name = "quiescectl",
        versionProvider = Main.VersionProvider.class,
        description = "Shut this machine's storage down in parallel, in dependency order.")
public final class Main implements Runnable {
    /** Width of a help text that is not written to a terminal, in columns. */
    private static final int HELP = 80;
    /** Minimum width that picocli accepts, in columns. */
    private static final int NARROWEST_HELP = 55;

    /** The class of each verb, in the order of the help text. */
    private static final Map<String, Class<? extends VerbCommand>> VERBS = new LinkedHashMap<>();

    static {
        VERBS.put("status", StatusCommand.class);
        VERBS.put("plan", PlanCommand.class);
        VERBS.put("monitor", MonitorCommand.class);
        VERBS.put("reload", ReloadCommand.class);
        VERBS.put("run", RunCommand.class);
        VERBS.put("simulate", SimulateCommand.class);
        VERBS.put("capture", CaptureCommand.class);
        VERBS.put("verify", VerifyCommand.class);
        VERBS.put("time", TimeCommand.class);
        VERBS.put("blame", BlameCommand.class);
        VERBS.put("critical-chain", CriticalChainCommand.class);
        VERBS.put("history", HistoryCommand.class);
        VERBS.put("health", HealthCommand.class);
        VERBS.put("report", ReportCommand.class);
        VERBS.put("diff", DiffCommand.class);
        VERBS.put("plot", PlotCommand.class);
        VERBS.put("dot", DotCommand.class);
        VERBS.put("tree", TreeCommand.class);
        VERBS.put("explain", ExplainCommand.class);
        VERBS.put("cat-config", CatConfigCommand.class);
        VERBS.put("doctor", DoctorCommand.class);
        VERBS.put("complete-record", CompleteRecordCommand.class);
    }

    /** Options of the command itself. A verb that follows them is ignored. */
    private static final Set<String> OF_THE_COMMAND = Set.of("-h", "--help", "--version");

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
    private boolean version;

    Main() {}

    /** Runs the command and ends the process with its exit code, even while other threads wait for the kernel. */
    public static void main(String[] arguments) {
        // System.out hides write errors.
        CheckedOutput output = new CheckedOutput(new FileOutputStream(FileDescriptor.out));
        // Files that are written, SVG, JSON and HTML, are in UTF-8 in any locale.
        PrintWriter out = new PrintWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8), true);
        PrintWriter err = new PrintWriter(System.err, true);
        int code = execute(out, err, new StandardOutput(System.getenv()), arguments);
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
        List<String> all = List.of(arguments);
        Output output = new Output(out, err, terminal);
        if (all.equals(List.of("status"))) {
            return withoutParser(new StatusCommand(output), output);
        }
        int verb = (int)
                all.stream().takeWhile(argument -> argument.startsWith("-")).count();
        Set<String> verbs = VERBS.keySet();
        if (verb < all.size() && !verbs.contains(all.get(verb))) {
            err.println("quiescectl: unknown verb \"" + all.get(verb) + "\""
                    + Nearest.hint(all.get(verb), verbs)
                            .map(hint -> ": " + hint)
                            .orElse("")
                    + (verb > 0 ? "; before the verb, options have their values after a \"=\"" : "")
                    + " (see \"quiescectl --help\")");
            return 1;
        }
        boolean isForVerb = verb < all.size() && all.subList(0, verb).stream().noneMatch(OF_THE_COMMAND::contains);
        if (isForVerb) {
            // Creating the models of all verbs, or that of the command, takes longer than most verbs.
            List<String> options = new ArrayList<>(all);
            String name = "quiescectl " + options.remove(verb);
            CommandLine command = new CommandLine(VERBS.get(all.get(verb)), new Factory(output)).setCommandName(name);
            return set(command, output).execute(options.toArray(String[]::new));
        }
        CommandLine command = new CommandLine(new Main(), new Factory(output));
        VERBS.forEach(command::addSubcommand);
        return set(command, output).execute(arguments);
    }

    /** Sets up a command and its verbs. */
    private static CommandLine set(CommandLine commands, Output output) {
        commands.setOut(output.out());
        commands.setErr(output.err());
        commands.registerConverter(Verb.class, converter(Verb::ofWord, "poweroff, reboot, halt and kexec"));
        commands.registerConverter(JsonMode.class, converter(JsonMode::ofWord, "pretty, short and off"));
        Terminal terminal = output.terminal();
        commands.setUsageHelpWidth(Math.max(NARROWEST_HELP, terminal.isThere() ? terminal.columns() : HELP));
        commands.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        commands.setParameterExceptionHandler((failure, given) -> {
            output.warn(oneLine(failure));
            return 1;
        });
        commands.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, output));
        return commands;
    }

    /**
     * Executes a verb that was given without options, with their defaults. The parser, whose model of a verb takes
     * longer than most verbs, is not loaded.
     */
    private static int withoutParser(VerbCommand verb, Output output) {
        try {
            return verb.call();
        } catch (Exception e) {
            return report(e, output);
        }
    }

    private static int report(Exception failure, Output output) {
        if (failure instanceof Failure || failure instanceof Machines.UnknownMachineException) {
            message(failure).lines().forEach(output::warn);
        } else {
            output.warn("this is a defect, please report it: " + failure);
            failure.printStackTrace(output.err());
        }
        return 1;
    }

    /** Converts a word in upper or lower case. */
    private static <T> ITypeConverter<T> converter(Function<String, Optional<T>> ofWord, String words) {
        return word -> ofWord.apply(word.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new TypeConversionException("\"" + word + "\" is none of " + words));
    }

    private static String oneLine(ParameterException failure) {
        // The index of the parser is not that of the command line.
        String message = message(failure)
                .lines()
                .findFirst()
                .orElse("bad arguments")
                .replaceFirst("^Unmatched argument(s?) (?:at|from) index \\d+:", "Unexpected argument$1:");
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
