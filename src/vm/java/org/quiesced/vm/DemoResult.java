// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quiesced.report.Comparison;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The result of a demonstration.
 *
 * @param comparison both timelines
 * @param remarks sentences that explain them
 * @param stockUntilRestart the time from the request for a restart to the restart with the stock system, in seconds; on
 *     a simulated machine the total of its timeline
 * @param quiescedUntilRestart the same with quiesced
 */
record DemoResult(Comparison comparison, List<String> remarks, double stockUntilRestart, double quiescedUntilRestart) {
    /** Returns the figures as JSON; times are in seconds. */
    String toJson() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("stock", comparison.stock());
        document.put("quiesced", comparison.quiesced());
        document.put("totals", comparison.totals());
        document.put("requestToRestart", Map.of("stock", stockUntilRestart, "quiesced", quiescedUntilRestart));
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(document)
                + "\n";
    }
}
