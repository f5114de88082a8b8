// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.simulated.Interleaved;
import org.quiesced.kernel.simulated.MachineBuilder;

/** A phase looks once at who uses disks: the first who needs it takes the look, and the others wait for it, 20 s at the most. */
class LookTest {
    private final Interleaved simulation = new Interleaved(new MachineBuilder("look").build(), attempt -> true);
    private final Crew<Signal> crew = simulation.kernel().newCrew();
    private final List<String> answers = new ArrayList<>();
    private int looks;

    @AfterEach
    void settle() {
        simulation.settle();
    }

    private Look look(Duration takes, Optional<String> problem) {
        return new Look(
                new Usage() {
                    @Override
                    public Users look() throws IOException {
                        looks++;
                        simulation.spend(takes.toNanos());
                        if (problem.isPresent()) {
                            throw new IOException(problem.get());
                        }
                        return below -> Optional.of("postgres");
                    }

                    @Override
                    public Traffic traffic(Device disk) {
                        return Traffic.GONE;
                    }
                },
                crew);
    }

    private void ask(Look look) {
        crew.aside(() -> {
            try {
                answers.add(look.users().of(null).orElseThrow());
            } catch (IOException e) {
                answers.add(e.getMessage());
            }
        });
    }

    @Test
    void allWhoNeedItGetTheSameLook() {
        Look look = look(Duration.ofSeconds(2), Optional.empty());
        crew.aside(look::takeAhead);
        ask(look);
        ask(look);
        simulation.settle();

        assertThat(answers).containsExactly("postgres", "postgres");
        assertThat(looks).isEqualTo(1);
    }

    @Test
    void whoNeedsItFirstTakesIt() {
        ask(look(Duration.ofSeconds(2), Optional.empty()));
        simulation.settle();

        assertThat(answers).containsExactly("postgres");
    }

    @Test
    void aLookThatAnswersWithinTheLimitIsAwaited() {
        Look look = look(Duration.ofSeconds(19), Optional.empty());
        crew.aside(look::takeAhead);
        ask(look);
        simulation.settle();

        assertThat(answers).containsExactly("postgres");
    }

    @Test
    void aLookThatDoesNotAnswerIsNotAwaitedForEver() {
        Look look = look(Duration.ofMinutes(10), Optional.empty());
        crew.aside(look::takeAhead);
        ask(look);
        crew.await(simulation.now() + Duration.ofSeconds(21).toNanos());

        assertThat(answers).containsExactly("no answer within 20 s");
    }

    @Test
    void aLookThatFailsFailsForAll() {
        Look look = look(Duration.ofSeconds(1), Optional.of("/proc is not mounted"));
        ask(look);
        ask(look);
        simulation.settle();

        assertThat(answers).containsExactly("/proc is not mounted", "/proc is not mounted");
        assertThat(looks).isEqualTo(1);
    }
}
