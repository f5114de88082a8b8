// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What runs the guest's instructions.
 *
 * @param name what to call it
 * @param options QEMU's options for it
 */
public record Accelerator(String name, List<String> options) {
    private static final Accelerator KVM =
            new Accelerator("KVM", List.of("-accel", "kvm", "-cpu", "host", "-smp", "2"));

    private static final Accelerator TCG =
            new Accelerator("software emulation", List.of("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"));

    /**
     * QEMU 7.2's emulation of two processors breaks the start of newer kernels now and then, while they patch their own
     * text: one processor executes a breakpoint that is gone again, for ever. Of older kernels seldom.
     */
    private static final Accelerator TCG_SINGLE = new Accelerator(
            "software emulation, one CPU", List.of("-accel", "tcg,thread=single", "-cpu", "max", "-smp", "1"));

    /**
     * Returns the best accelerator for a guest. That {@code /dev/kvm} is there proves nothing: a kernel has to start on
     * it.
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

    /** Returns the same with another number of processors; 0 changes nothing. */
    Accelerator withCpus(int cpus) {
        if (cpus == 0) {
            return this;
        }
        List<String> changed = new ArrayList<>(options);
        changed.set(changed.indexOf("-smp") + 1, String.valueOf(cpus));
        return new Accelerator(name + ", -smp " + cpus, List.copyOf(changed));
    }

    /** Boots the kernel without a root file system: one that works prints its name and soon panics. */
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
