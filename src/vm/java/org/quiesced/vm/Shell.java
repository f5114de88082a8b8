// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code packaging/vm}: a shell in a virtual machine with slow drives, in which the package is installed. */
@Command(
        name = "vm",
        mixinStandardHelpOptions = true,
        description = "Open a shell of root in a virtual machine with slow NVMe drives and quiesced installed.")
public final class Shell implements Callable<Integer> {
    private static final Path WORK = Path.of("target/shell");

    @Mixin
    private SlowMachine slow = new SlowMachine();

    private Shell() {}

    /** Opens the shell. */
    public static void main(String[] arguments) {
        SlowMachine.execute("vm", new Shell(), arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        slow.check(0);
        GuestImage image = GuestImage.of(slow.suite());
        Accelerator accelerator = Accelerator.of(image);
        System.out.println("Installing the package in the guest; a minute or two.");
        Path installed =
                Installed.in(image, accelerator, WORK.resolve("install")).root();
        String script = (slow.drives() > 0 ? Scripts.slowNvme(slow.delay()) : "") + Scripts.shell();
        return slow.guest(image, accelerator, installed, WORK).interact(Payload.quiesced(script));
    }
}
