// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips the scenarios whose {@link Needs} are not met. */
final class NeedsCondition implements ExecutionCondition {
    private static final ConditionEvaluationResult MET = ConditionEvaluationResult.enabled("all needs are met");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), Needs.class)
                .flatMap(needs -> unmet(needs, Asked.SUITE, Asked.ALL, Asked.CPUS))
                .map(why -> skip(context, why))
                .orElse(MET);
    }

    /** Prints the reason: the plugin that runs scenarios keeps it in its report, but does not print it. */
    private static ConditionEvaluationResult skip(ExtensionContext context, String why) {
        String name =
                context.getTestMethod().map(method -> "." + method.getName()).orElse("");
        System.out.println(context.getRequiredTestClass().getSimpleName() + name + ": " + why);
        return ConditionEvaluationResult.disabled(why);
    }

    /** Returns the reason why a scenario is skipped, or empty if it is not skipped. */
    static Optional<String> unmet(Needs needs, String suite, boolean all, int cpus) {
        if (!needs.suite().isReachedBy(suite)) {
            return Optional.of("skipped: needs " + needs.suite().word() + ", this is " + suite + ": " + needs.reason());
        }
        if (needs.cpus() != 0 && cpus != 0 && cpus != needs.cpus()) {
            return Optional.of(
                    "skipped: needs -Dquiesced.cpus=" + needs.cpus() + ", this is " + cpus + ": " + needs.reason());
        }
        return needs.thorough() && !all
                ? Optional.of("skipped: runs with -Dquiesced.all only: " + needs.reason())
                : Optional.empty();
    }
}
