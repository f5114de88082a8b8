// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;
import org.quiesced.method.Unready;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** Reasons for leaving a device to the kernel, as worded on the console and in reports. */
class ReasonTest {
    private static Device device(String name) {
        return new Device("/devices/" + name, "pci", true, Optional.of("nvme"), Map.of());
    }

    static Stream<Arguments> reasons() {
        return Stream.of(
                arguments(new Reason.Off(), "mode is off"),
                arguments(new Reason.NoMethod("e1000e"), "no method for driver e1000e"),
                arguments(new Reason.OptedOut(), "opted out"),
                arguments(new Reason.KernelIsParallel(), "not opted in, and this kernel shuts it down in parallel"),
                arguments(new Reason.InUse("sda", new User.Described("mounted on /")), "sda is in use: mounted on /"),
                arguments(
                        new Reason.NotReady(new Unready.NotWorking("nvme0", "dead", "live")),
                        "nvme0 is dead, not live"),
                arguments(
                        new Reason.Unknowable("sda: Input/output error"),
                        "cannot determine whether it is in use: sda: Input/output error"),
                arguments(new Reason.OtherPhase(Phase.EARLY, Verb.POWEROFF), "not in the early phase of poweroff"),
                arguments(new Reason.NotReleased("sda1"), "sda1 was not observed to be released in this shutdown"),
                arguments(new Reason.Cancelled(), "the shutdown was cancelled"),
                arguments(new Reason.HookEnded(true), "the shutdown hook has ended, still in flight"),
                arguments(new Reason.HookEnded(false), "the shutdown hook has ended, not started"),
                arguments(new Reason.HeldBack(device("disk")), "held back by disk"),
                arguments(new Reason.Circular(List.of(device("a"), device("b"))), "circular dependency among a, b"),
                arguments(new Reason.Failed("Flush failed"), "failed: Flush failed"),
                arguments(new Reason.TimedOut(Duration.ofSeconds(9), true), "not down after 9.00s, still in flight"),
                arguments(new Reason.TimedOut(Duration.ofSeconds(9), false), "not ready after 9.00s, its driver stays"),
                arguments(new Reason.DeadlineReached(true), "deadline reached, still in flight"),
                arguments(new Reason.DeadlineReached(false), "deadline reached, not started"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void reasonsAreDescribedInWords(Reason reason, String words) {
        assertThat(reason.describe()).isEqualTo(words);
    }

    @Test
    void briefReasonOmitsTheNameOfTheDisk() {
        assertThat(new Reason.InUse("sda", new User.Described("mounted on /")).brief())
                .isEqualTo("in use, mounted on /");
        assertThat(new Reason.OptedOut().brief()).isEqualTo("opted out");
    }
}
