// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quiesced.report.Comparison;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a demonstration came to.
 *
 * @param comparison both timelines
 * @param remarks what to know about them, in sentences
 * @param stockUntilRestart how long the stock shutdown took from the start of the hooks to the restart, in seconds
 * @param quiescedUntilRestart the same with quiesced
 */
record DemoResult(Comparison comparison, List<String> remarks, double stockUntilRestart, double quiescedUntilRestart) {
    /** Returns the figures for programs; times are in seconds. */
    String toJson() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("stock", comparison.stock());
        document.put("quiesced", comparison.quiesced());
        document.put("totals", comparison.totals());
        document.put("hooksToRestart", Map.of("stock", stockUntilRestart, "quiesced", quiescedUntilRestart));
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(document)
                + "\n";
    }
}
