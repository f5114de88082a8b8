// SPDX-License-Identifier: Apache-2.0

/** Shuts a server's storage down in parallel, in dependency order. The module is a program and exports nothing. */
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
    // Signal: SIGHUP has no other way into Java.
    requires jdk.unsupported;

    // Reflection, and no other, is done by these two.
    opens org.quiesced.cli to
            info.picocli;
    opens org.quiesced.daemon to
            info.picocli,
            tools.jackson.databind;
    opens org.quiesced.kernel.simulated to
            tools.jackson.databind;

    exports org.quiesced.config to
            tools.jackson.databind;
    exports org.quiesced.device to
            tools.jackson.databind;
    exports org.quiesced.report to
            tools.jackson.databind;
    exports org.quiesced.kernel.linux.ffi to
            com.sun.jna;

    provides ch.qos.logback.classic.spi.Configurator with
            org.quiesced.daemon.Logging;
}
