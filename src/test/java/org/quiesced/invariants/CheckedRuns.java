// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Checks all simulated runs of a test after the test, and fails the test with the story of each run that breaks a rule.
 * JUnit loads the extension by {@code META-INF/services}, so tests do not have to register it. The helpers that create
 * runs add them here.
 */
public final class CheckedRuns implements AfterEachCallback {
    /** Maximum number of accounts with complaints that are kept for one test. */
    private static final int KEPT = 10;

    private static final ThreadLocal<CheckedRuns> OF_THREAD = ThreadLocal.withInitial(CheckedRuns::new);

    private final List<Supplier<Account>> unchecked = new ArrayList<>();
    private final List<Account> wrong = new ArrayList<>();

    /** Called by JUnit. */
    public CheckedRuns() {}

    /** Adds a run, to be checked after the test of the calling thread. */
    public static void add(Supplier<Account> run) {
        OF_THREAD.get().unchecked.add(run);
    }

    /**
     * Adds a checked run of the test of the calling thread. Only runs that break a rule are kept, and at most ten of
     * these.
     */
    public static void add(List<String> complaints, Supplier<List<String>> story) {
        List<Account> wrong = OF_THREAD.get().wrong;
        if (!complaints.isEmpty() && wrong.size() < KEPT) {
            wrong.add(new Account(complaints, story.get()));
        }
    }

    /** Checks and removes the runs that the calling thread added, and returns those that break a rule. */
    static List<Account> check() {
        CheckedRuns runs = OF_THREAD.get();
        OF_THREAD.remove();
        List<Account> wrong = new ArrayList<>(runs.wrong);
        runs.unchecked.stream()
                .map(Supplier::get)
                .filter(account -> !account.complaints().isEmpty())
                .forEach(wrong::add);
        return wrong;
    }

    /** Removes the runs of a test that has failed on its own. */
    static void forget() {
        OF_THREAD.remove();
    }

    /**
     * Returns why the runs of a test make it fail: a broken rule, or the lack of a planted one. Empty if they do not.
     */
    static Optional<String> failure(List<Account> wrong, Optional<PlantedViolation> planted) {
        List<Account> unexpected = wrong.stream()
                .filter(account -> planted.isEmpty() || !isPlanted(account, planted.get()))
                .toList();
        if (!unexpected.isEmpty()) {
            return Optional.of(unexpected.stream().map(CheckedRuns::text).collect(Collectors.joining("\n")));
        }
        return planted.isPresent() && wrong.isEmpty()
                ? Optional.of("No rule was found to be broken, though one is on purpose: "
                        + planted.get().reason())
                : Optional.empty();
    }

    private static boolean isPlanted(Account account, PlantedViolation planted) {
        return planted.rules().length == 0
                || account.complaints().stream()
                        .allMatch(complaint -> Arrays.stream(planted.rules()).anyMatch(complaint::startsWith));
    }

    private static String text(Account account) {
        return "A simulated run breaks rules:\n  " + String.join("\n  ", account.complaints()) + "\nWhat happened:\n  "
                + String.join("\n  ", account.story());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            forget();
            return;
        }
        failure(check(), planted(context)).ifPresent(text -> {
            throw new AssertionError(text);
        });
    }

    private static Optional<PlantedViolation> planted(ExtensionContext context) {
        Optional<PlantedViolation> here =
                AnnotationSupport.findAnnotation(context.getElement(), PlantedViolation.class);
        return here.isPresent() ? here : context.getParent().flatMap(CheckedRuns::planted);
    }
}
