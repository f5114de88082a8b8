// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quiesced.report.Cell;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Style;
import org.quiesced.report.Table;

/**
 * The result of a check.
 *
 * @param check the name of the check, for example {@code hook}
 * @param state the state
 * @param text the result in words
 * @param remedy the remedy; empty if none is needed
 */
public record Finding(String check, State state, String text, Optional<String> remedy) {
    /** The state of a finding. The JSON form is the name in lower case. */
    public enum State {
        /** No problem was found. */
        OK,
        /** An optional part is missing. */
        WARNING,
        /** A shutdown will be slower than possible, or may be cut short. */
        FAILED,
        /** The check could not be made. */
        SKIPPED;

        /** Returns the JSON form. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Style style() {
            return switch (this) {
                case OK -> Style.GOOD;
                case WARNING -> Style.WARNING;
                case FAILED -> Style.BAD;
                case SKIPPED -> Style.PLAIN;
            };
        }
    }

    /** Creates a finding without a problem. */
    public static Finding ok(String check, String text) {
        return new Finding(check, State.OK, text, Optional.empty());
    }

    /** Creates a finding of a missing optional part. */
    public static Finding warning(String check, String text, String remedy) {
        return new Finding(check, State.WARNING, text, Optional.of(remedy));
    }

    /** Creates a finding of a problem. */
    public static Finding failed(String check, String text, String remedy) {
        return new Finding(check, State.FAILED, text, Optional.of(remedy));
    }

    /** Creates a finding of a check that could not be made. */
    public static Finding skipped(String check, String text) {
        return new Finding(check, State.SKIPPED, text, Optional.empty());
    }

    /** Returns a table with one line per finding. */
    public static Page page(List<Finding> findings) {
        Table table = new Table(Column.word("STATE"), Column.word("CHECK"), Column.prose("FINDING"));
        findings.forEach(finding -> table.row(List.of(
                new Cell(finding.state().word(), finding.state().style()),
                Cell.of(finding.check()),
                Cell.of(finding.text()
                        + finding.remedy().map(remedy -> "; to do: " + remedy).orElse("")))));
        return Page.of(table);
    }

    /** Returns whether a finding has the state {@link State#FAILED}. */
    public static boolean isFailure(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.state() == State.FAILED);
    }
}
