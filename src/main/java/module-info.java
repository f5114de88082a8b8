// SPDX-License-Identifier: Apache-2.0

/**
 * Shuts a server's storage down in parallel, in dependency order. The module is a program: it exports nothing but to
 * its own libraries.
 */
module org.quiesced {
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires com.fasterxml.jackson.annotation;
    requires com.sun.jna;
    requires info.picocli;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    // Reflection, and no other, is done by these two.
    opens org.quiesced.cli to
            info.picocli;
    opens org.quiesced.daemon to
            info.picocli,
            tools.jackson.databind;
    opens org.quiesced.kernel.simulated to
            tools.jackson.databind;
    opens org.quiesced.snapshot to
            tools.jackson.databind;
    opens org.quiesced.varlink to
            tools.jackson.databind;

    exports org.quiesced.chart to
            tools.jackson.databind;
    exports org.quiesced.config to
            tools.jackson.databind;
    exports org.quiesced.device to
            tools.jackson.databind;
    exports org.quiesced.doctor to
            tools.jackson.databind;
    exports org.quiesced.health to
            tools.jackson.databind;
    exports org.quiesced.history to
            tools.jackson.databind;
    exports org.quiesced.report to
            tools.jackson.databind;
    exports org.quiesced.linux to
            com.sun.jna;

    provides ch.qos.logback.classic.spi.Configurator with
            org.quiesced.log.Logging;
}
