// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.ConfigFiles;
import org.quiesced.config.ConfigProblem;
import org.quiesced.config.Root;
import org.quiesced.hook.ExitrdOutlook;
import org.quiesced.method.DriveTypes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        description =
                "Check configuration files and report mistakes; report also if there is no file, root ="
                        + " \"auto\" has no effect on this machine, or SELinux prevents the service from starting. Changes nothing.")
final class VerifyCommand extends VerbCommand {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "The files, in the order in which they are to be read; by default /etc/quiesced/quiesced.toml and conf.d/*.toml.")
    private List<Path> files = List.of();

    @Option(
            names = "--root",
            paramLabel = "DIRECTORY",
            description =
                    "Check etc/quiesced/quiesced.toml and etc/quiesced/conf.d/*.toml below this directory; messages name them as seen from it.")
    private Optional<Path> root;

    @Mixin
    private JsonOption json;

    VerifyCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        List<ConfigProblem> problems = List.of();
        List<String> hints = List.of();
        try {
            hints = check();
        } catch (ConfigException e) {
            problems = e.problems();
        }
        if (json.isOn()) {
            output().json(problems, json.mode());
        } else {
            problems.forEach(problem -> spec.commandLine().getErr().println(problem));
            hints.forEach(output()::paragraph);
        }
        return problems.isEmpty() ? 0 : 1;
    }

    /**
     * Checks the files and returns remarks on a valid configuration of this machine.
     *
     * @throws ConfigException if a file is invalid
     */
    private List<String> check() throws ConfigException {
        if (root.isPresent() && !files.isEmpty()) {
            throw new Failure("either --root or files, not both");
        }
        root.ifPresent(VerifyCommand::checkRoot);
        ConfigFiles reader = new ConfigFiles(DriveTypes.SUPPORTED.drivers());
        if (!files.isEmpty()) {
            reader.read(files);
            return List.of();
        }
        Path name = Path.of("/").relativize(ConfigFiles.SYSTEM);
        Path file = root.orElse(Path.of("/")).resolve(name);
        Config config = reader.load(file, ConfigFiles.SYSTEM);
        Stream<String> missing = ConfigFiles.find(file).isEmpty()
                ? Stream.of("Warning: " + ConfigFiles.MISSING + "; " + ConfigFiles.RESTORE + ".")
                : Stream.empty();
        if (root.isPresent()) {
            return missing.toList();
        }
        Optional<String> exitrd = config.root() == Root.AUTO
                ? new ExitrdOutlook(DaemonOption.DIRECTORY)
                        .knownObstacle()
                        .map(why -> "The root drives are left to the kernel, no exitrd: " + why)
                : Optional.empty();
        return Stream.of(missing, exitrd.stream(), new SelinuxModule(SelinuxModule.SYSTEM).knownObstacle().stream())
                .flatMap(hints -> hints)
                .toList();
    }

    private static void checkRoot(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new Failure(
                    directory + (Files.exists(directory) ? ": Not a directory" : ": No such file or directory"));
        }
    }
}
