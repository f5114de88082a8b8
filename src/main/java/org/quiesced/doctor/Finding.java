// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Table;

/**
 * What came of a check.
 *
 * @param check what was looked at, for example {@code hook}
 * @param text what is so
 * @param remedy what to do; empty if nothing has to be done
 */
public record Finding(String check, State state, String text, Optional<String> remedy) {
    /** How a check ended. In JSON it is its name in lower case. */
    public enum State {
        /** All is well. */
        OK,
        /** Something is missing that a shutdown can do without. */
        WARNING,
        /** A shutdown will be slower than it could be, or may be cut short. */
        FAILED,
        /** It was not checked. */
        SKIPPED;

        /** Returns the state as JSON has it. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Makes a finding of what is well. */
    public static Finding ok(String check, String text) {
        return new Finding(check, State.OK, text, Optional.empty());
    }

    /** Makes a finding of what is missing. */
    public static Finding warning(String check, String text, String remedy) {
        return new Finding(check, State.WARNING, text, Optional.of(remedy));
    }

    /** Makes a finding of what is wrong. */
    public static Finding failed(String check, String text, String remedy) {
        return new Finding(check, State.FAILED, text, Optional.of(remedy));
    }

    /** Makes a finding of what could not be checked. */
    public static Finding skipped(String check, String text) {
        return new Finding(check, State.SKIPPED, text, Optional.empty());
    }

    /** Returns findings as text, one line for each. */
    public static List<String> lines(List<Finding> findings) {
        Table table = new Table(Set.of(), "STATE", "CHECK", "FINDING");
        findings.forEach(finding -> table.row(
                finding.state().word(),
                finding.check(),
                finding.text()
                        + finding.remedy().map(remedy -> "; to do: " + remedy).orElse("")));
        return table.lines();
    }

    /** Returns whether something is wrong. */
    public static boolean isFailure(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.state() == State.FAILED);
    }
}
