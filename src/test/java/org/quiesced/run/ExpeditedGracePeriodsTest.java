// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.GracePeriods;

/** Grace periods are expedited once and restored once, in any order of calls. */
class ExpeditedGracePeriodsTest {
    private final List<String> done = new ArrayList<>();
    private final ExpeditedGracePeriods expedited = new ExpeditedGracePeriods(gracePeriods(() -> {
        done.add("expedited");
        return () -> done.add("as before");
    }));

    private static GracePeriods gracePeriods(Supplier<Runnable> expedite) {
        return new GracePeriods() {
            @Override
            public Runnable expedite() {
                return expedite.get();
            }

            @Override
            public boolean recover() {
                return false;
            }
        };
    }

    @Test
    void endRestoresTheSetting() {
        expedited.begin();
        expedited.end();

        assertThat(done).containsExactly("expedited", "as before");
    }

    @Test
    void secondEndRestoresNothing() {
        expedited.begin();
        expedited.end();
        expedited.end();

        assertThat(done).containsExactly("expedited", "as before");
    }

    @Test
    void beginAfterTheEndChangesNothing() {
        expedited.end();
        expedited.begin();

        assertThat(done).isEmpty();
    }

    @Test
    void endDuringTheBeginningRestoresTheSettingWithoutWaiting() {
        ExpeditedGracePeriods[] self = new ExpeditedGracePeriods[1];
        self[0] = new ExpeditedGracePeriods(gracePeriods(() -> {
            self[0].end();
            done.add("expedited after the end");
            return () -> done.add("as before");
        }));
        self[0].begin();

        assertThat(done).containsExactly("expedited after the end", "as before");
    }
}
