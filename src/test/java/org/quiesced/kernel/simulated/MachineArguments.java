// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.quiesced.config.Mode;
import org.quiesced.shutdown.Verb;

/** Provides the combinations of {@link OnMachines}. */
public final class MachineArguments implements ArgumentsProvider, AnnotationConsumer<OnMachines> {
    private OnMachines said;

    /** Called by JUnit. */
    public MachineArguments() {}

    @Override
    public void accept(OnMachines annotation) {
        said = annotation;
    }

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        Stream<List<Object>> combinations = Stream.of(List.of());
        for (Class<?> type : context.getRequiredTestMethod().getParameterTypes()) {
            List<?> values = values(type);
            combinations = combinations.flatMap(begun -> values.stream()
                    .map(value ->
                            Stream.concat(begun.stream(), Stream.of(value)).toList()));
        }
        return combinations.map(List::toArray).map(Arguments::of);
    }

    private List<?> values(Class<?> type) {
        if (type == Machine.class) {
            List<String> names = said.machines().length == 0 ? BuiltInMachines.names() : List.of(said.machines());
            return names.stream()
                    .map(name -> Named.of(name, BuiltInMachines.byName(name).orElseThrow()))
                    .toList();
        }
        if (type == Mode.class) {
            return List.of(said.modes().length == 0 ? Mode.values() : said.modes());
        }
        if (type == Verb.class) {
            return List.of(said.verbs().length == 0 ? Verb.values() : said.verbs());
        }
        throw new IllegalArgumentException("a parameter is neither a machine nor a mode nor a verb: " + type);
    }
}
