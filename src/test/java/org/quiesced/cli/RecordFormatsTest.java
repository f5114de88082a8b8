// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.history.ListedShutdown;
import org.quiesced.history.Records;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.history.StoredRecord;
import org.quiesced.method.Step;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Outcome;
import org.quiesced.report.PhaseType;
import org.quiesced.report.ReasonType;
import org.quiesced.report.UserType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** src/doc/record-formats.md describes the documents that the command prints. */
class RecordFormatsTest {
    private static final Pattern NAME = Pattern.compile("`([A-Za-z]\\w*)`");

    private String page = "";

    @BeforeEach
    void read() throws IOException {
        page = Files.readString(Path.of("src/doc/record-formats.md"));
    }

    private String section(String title) {
        return Stream.of(page.split("(?m)^## "))
                .filter(part -> part.startsWith(title))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().forEach(name -> names.add(name.group(1)));
        return names;
    }

    /** Returns the names of all fields of a document, without those of objects that have a separate section. */
    private static Set<String> fields(JsonNode node, Set<String> elsewhere) {
        Set<String> fields = new TreeSet<>();
        node.properties().forEach(field -> {
            fields.add(field.getKey());
            if (!elsewhere.contains(field.getKey())) {
                fields.addAll(fields(field.getValue(), elsewhere));
            }
        });
        if (node.isArray()) {
            node.forEach(element -> fields.addAll(fields(element, elsewhere)));
        }
        return fields;
    }

    @ParameterizedTest
    @CsvSource({
        "Plan, plan nvme-24 --json",
        "Plan, plan sas-60 --verb poweroff --json",
        "Tree, tree --machine=nvme-24 --json",
        "Simulation, simulate nvme-24 --json",
        "Explanation, explain nvme3 --machine=nvme-24 --json",
        "Record of a shutdown, report --machine=sas-60 --verb=poweroff --json",
        "Chain, critical-chain --machine=sas-60 --verb=poweroff --json",
        "Parts of it, time --machine=nvme-24 --json",
    })
    void eachFieldHasItsPlace(String title, String arguments) {
        Command command = Command.run(arguments.split(" "));

        assertThat(command.code()).isZero();
        assertThat(names(section(title) + (title.equals("Plan") ? "" : section("Plan") + section("Run"))))
                .containsAll(fields(command.json(), Set.of("reason", "usedNow", "warnings")));
    }

    @Test
    void eachValueOfASetIsNamed() {
        assertThat(names(section("Plan")))
                .containsAll(words(Stream.of(DispositionType.values()).map(DispositionType::word)));
        assertThat(names(section("Plan")))
                .containsAll(words(Stream.of(PhaseType.values()).map(PhaseType::word)));
        assertThat(names(section("Plan")))
                .containsAll(words(Stream.of(Step.Type.values()).map(Step.Type::word)));
        assertThat(names(section("Record of a shutdown")))
                .containsAll(words(Stream.of(Outcome.values()).map(Outcome::word)));
        assertThat(names(section("Reasons")))
                .containsAll(words(Stream.of(ReasonType.values()).map(ReasonType::word)));
        assertThat(names(section("Reasons")))
                .containsAll(words(Stream.of(UserType.values()).map(UserType::word)));
    }

    @Test
    void recordedShutdownHasThePathOfItsFile() {
        Path file = Path.of("/var/lib/quiesced/a record.json");
        JsonNode kept = json(new StoredRecord(7, file, Optional.of(Records.ended(3, 5.5)), Optional.empty()));

        assertThat(names(section("Shutdowns that are recorded"))).containsAll(kept.propertyNames());
        assertThat(kept.get("number").asInt()).isEqualTo(7);
        assertThat(kept.get("file").asString()).isEqualTo(file.toString());
        assertThat(kept.get("took").asDouble()).isEqualTo(7.5);
        assertThat(kept.get("saved").asDouble()).isEqualTo(3);
        assertThat(kept.at("/record/format").asString()).isEqualTo(ShutdownRecord.FORMAT);
        assertThat(kept.get("problem").isNull()).isTrue();
    }

    @Test
    void shutdownWithADamagedRecordHasItsNumberAndTheProblem() {
        Path file = Path.of("/var/lib/quiesced/7.json");
        JsonNode damaged = json(new StoredRecord(7, file, Optional.empty(), Optional.of("damaged: the file is empty")));

        assertThat(names(section("Shutdowns that are recorded"))).containsAll(damaged.propertyNames());
        assertThat(damaged.get("number").asInt()).isEqualTo(7);
        assertThat(damaged.get("record").isNull()).isTrue();
        assertThat(damaged.get("problem").asString()).isEqualTo("damaged: the file is empty");
    }

    private static JsonNode json(StoredRecord record) {
        StringWriter out = new StringWriter();
        new Output(new PrintWriter(out), new PrintWriter(out), Terminal.NONE)
                .json(ListedShutdown.of(List.of(record)), JsonMode.SHORT);
        return JsonMapper.shared().readTree(out.toString()).get(0);
    }

    private static List<String> words(Stream<String> words) {
        return words.toList();
    }
}
