// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineFile;
import org.quiesced.kernel.simulated.Masking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = {
            "Write a description of this machine (devices, links, users of disks) as JSON, for a report or a simulation. Changes nothing.",
            "Serial numbers and WWNs, the names of device-mapper devices, and mount points other than the usual ones are masked. The result is JSON in any case; --json chooses its form."
        })
final class CaptureCommand extends VerbCommand {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file to write; by default the standard output.")
    private Optional<Path> file;

    @Option(names = "--serials", description = "Do not mask serial numbers, WWNs, mapped names and mount points.")
    private boolean serials;

    @Option(
            names = "--ask-drives",
            description =
                    "Query the NVMe drives that will be free at shutdown for their shutdown times, their write caches,"
                            + " and their numbers of power cycles and power losses.")
    private boolean askDrives;

    @Option(
            names = "--sys",
            paramLabel = "DIRECTORY",
            description = "Read this copy of /sys instead of the live one; its disks have no users.")
    private Optional<Path> sys;

    @Mixin
    private JsonOption json;

    CaptureCommand(Output output) {
        super(output);
    }

    @Override
    public Integer call() {
        Machine captured = capture();
        MachineFile result = MachineFile.of(serials ? captured : Masking.of(captured));
        String text = result.toJson(json.mode() != JsonMode.SHORT);
        if (file.isEmpty()) {
            output().line(text);
            return 0;
        }
        try {
            Files.writeString(file.get(), text + "\n");
            return 0;
        } catch (NoSuchFileException e) {
            throw new Failure("cannot write " + file.get() + ": No such file or directory");
        } catch (IOException e) {
            throw new Failure("cannot write " + file.get() + ": " + e.getMessage());
        }
    }

    private Machine capture() {
        try {
            return sys.isPresent() ? Capture.ofCopy(sys.get()) : Capture.ofThisMachine(askDrives);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
