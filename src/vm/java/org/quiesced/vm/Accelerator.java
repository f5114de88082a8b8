// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How QEMU executes the guest's instructions.
 *
 * @param name its name, for messages
 * @param options QEMU's options for it
 */
public record Accelerator(String name, List<String> options) {
    private static final Accelerator KVM =
            new Accelerator("KVM", List.of("-accel", "kvm", "-cpu", "host", "-smp", "2"));

    private static final Accelerator TCG =
            new Accelerator("software emulation", List.of("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"));

    /**
     * One emulated processor. With two, QEMU 7.2 sometimes hangs newer kernels at their start, while they patch their
     * own text: one processor executes a breakpoint that has already been removed, forever. Older kernels seldom hang.
     */
    private static final Accelerator TCG_SINGLE = new Accelerator(
            "software emulation, one CPU", List.of("-accel", "tcg,thread=single", "-cpu", "max", "-smp", "1"));

    /**
     * Returns the best accelerator for a guest. The existence of {@code /dev/kvm} proves nothing, so KVM is chosen only
     * if a kernel starts on it.
     */
    public static Accelerator of(GuestImage image) throws IOException, InterruptedException {
        if (Files.isWritable(Path.of("/dev/kvm")) && canStart(image)) {
            return KVM.withAskedCpus();
        }
        return (image.kernelRelease().matches("5\\..*|6\\.1\\..*") ? TCG : TCG_SINGLE).withAskedCpus();
    }

    private Accelerator withAskedCpus() {
        return withCpus(Asked.CPUS);
    }

    /** Returns the same accelerator with another number of processors; 0 keeps the number. */
    Accelerator withCpus(int cpus) {
        if (cpus == 0) {
            return this;
        }
        List<String> changed = new ArrayList<>(options);
        changed.set(changed.indexOf("-smp") + 1, String.valueOf(cpus));
        return new Accelerator(name + ", -smp " + cpus, List.copyOf(changed));
    }

    /**
     * Returns whether a kernel starts on KVM within 15 s. It is booted without a root file system: a kernel that works
     * prints its name and soon panics, which ends QEMU.
     */
    private static boolean canStart(GuestImage image) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
        command.addAll(KVM.options());
        command.addAll(List.of("-M", "q35", "-m", "512", "-nodefaults", "-display", "none", "-no-reboot"));
        command.addAll(List.of("-serial", "stdio", "-kernel", image.kernel().toString()));
        command.addAll(List.of("-append", "console=ttyS0 earlyprintk=serial panic=-1"));
        Process probe = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Files.createTempFile("quiesced-kvm", ".log").toFile())
                .start();
        boolean ended = probe.waitFor(15, TimeUnit.SECONDS);
        probe.destroyForcibly().waitFor();
        return ended && probe.exitValue() == 0;
    }
}
