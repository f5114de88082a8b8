// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/**
 * Checks all simulated runs of each try of a property, as {@link CheckedRuns} does for tests. jqwik finds it by {@code
 * META-INF/services}.
 */
public final class CheckedProperties implements AroundTryHook {
    /** Called by jqwik. */
    public CheckedProperties() {}

    @Override
    public TryExecutionResult aroundTry(TryLifecycleContext context, TryExecutor executor, List<Object> parameters) {
        TryExecutionResult result = executor.execute(parameters);
        if (!result.isSatisfied()) {
            CheckedRuns.forget();
            return result;
        }
        Optional<PlantedViolation> planted = context.findAnnotation(PlantedViolation.class);
        return CheckedRuns.failure(CheckedRuns.check(), planted)
                .map(text -> TryExecutionResult.falsified(new AssertionError(text)))
                .orElse(result);
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
