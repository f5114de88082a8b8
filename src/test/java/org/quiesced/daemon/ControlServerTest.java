// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.report.ControlError;
import org.quiesced.varlink.Idl;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control socket: its answers, and the calls that are errors. */
class ControlServerTest extends ServedSocketTest {
    @Test
    void serverDescribesItsInterfaces() throws IOException {
        assertThat(ask("{\"method\":\"org.varlink.service.GetInfo\"}")
                        .at("/parameters/interfaces")
                        .toString())
                .isEqualTo("[\"org.varlink.service\",\"org.quiesced.Control\",\"io.systemd.service\"]");
        assertThat(ask("{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                                + "{\"interface\":\"org.quiesced.Control\"}}")
                        .at("/parameters/description")
                        .asString())
                .contains("interface org.quiesced.Control", "method Status() ->");
    }

    @Test
    void serverAnswersStatusPlanAndTree() throws Exception {
        while (!daemon.current().summary().endsWith("expected")) {
            // A separate thread queries the drives.
            Thread.sleep(5);
        }
        JsonNode status = ask("{\"method\":\"org.quiesced.Control.Status\"}");
        assertThat(status.at("/parameters/mode").asString()).isEqualTo("safe");
        JsonNode totals = status.at("/parameters/totals");
        assertThat(totals.get("drivesParallel").asInt()).isEqualTo(24);
        assertThat(totals.get("drivesLeft").asInt()).isEqualTo(2);
        assertThat(totals.get("expected").asDouble()).isEqualTo(4.5);
        assertThat(status.at("/parameters/kernelWalk").asString()).isEqualTo("serial");
        assertThat(status.at("/parameters/handover").isBoolean()).isTrue();
        assertThat(status.at("/parameters/handover").asBoolean()).isFalse();
        assertThat(ask("{\"method\":\"org.quiesced.Control.Plan\"}")
                        .at("/parameters/kernelWalk")
                        .asString())
                .isEqualTo("serial");
        assertThat(ask("{\"method\":\"org.quiesced.Control.Plan\",\"parameters\":{\"verb\":\"kexec\"}}")
                        .at("/parameters/totals/parallel")
                        .asInt())
                .isEqualTo(24);
        assertThat(ask("{\"method\":\"org.quiesced.Control.Tree\"}")
                        .at("/parameters/devices")
                        .size())
                .isEqualTo(daemon.current().seen().tree().size());
    }

    @Test
    void callsMayBePipelined() throws IOException {
        try (Connection connection = connect()) {
            String call = "{\"method\":\"org.quiesced.Control.Status\"}\0";
            write(connection, call + call + call);
            for (int i = 0; i < 3; i++) {
                assertThat(read(connection)).contains("\"drivesParallel\":24");
            }
        }
    }

    @Test
    void simulationIsStreamedAsEvents() throws IOException {
        List<String> kinds = new ArrayList<>();
        try (Connection connection = connect()) {
            write(
                    connection,
                    "{\"method\":\"org.quiesced.Control.Events\",\"parameters\":{\"simulate\":true},\"more\":true}\0");
            JsonNode reply;
            do {
                reply = JsonMapper.shared().readTree(read(connection));
                kinds.add(reply.at("/parameters/kind").asString());
            } while (reply.path("continues").asBoolean(false));
        }
        assertThat(kinds.stream().filter("done"::equals)).hasSize(24);
        assertThat(kinds.get(kinds.size() - 1)).isEqualTo("end");
    }

    @Test
    void reloadOfAnInvalidConfigurationNamesItsProblems() throws IOException {
        text = "mode = \"sfae\"\n";
        JsonNode reply = ask("{\"method\":\"org.quiesced.Control.Reload\"}");

        assertThat(reply.path("error").asString()).isEqualTo("org.quiesced.Control.InvalidConfiguration");
        assertThat(reply.at("/parameters/problems/0"))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"file": "quiesced.toml", "line": 1, "column": 1, "key": "mode",
                         "message": "unknown value \\"sfae\\": did you mean \\"safe\\"?"}
                        """));
        assertThat(wrongWith("Reload", reply)).isEmpty();
    }

    /** Returns the name of a method without its interface. */
    private static String name(String method) {
        return method.substring(method.lastIndexOf('.') + 1);
    }

    private static List<String> wrongWith(String method, JsonNode reply) throws IOException {
        return Idl.of(ControlError.INTERFACE).wrongWithReply(method, reply);
    }

    @Test
    void reloadThatCannotReadTheMachineIsAnErrorOfTheCall() throws IOException {
        machineIsBroken = true;

        assertThatReloadFails("ReadFailed", "message", "/sys: Input/output error");
    }

    @Test
    void defectInAMethodIsAnErrorOfTheCall() throws IOException {
        defect = new IllegalStateException("not so");

        assertThatReloadFails("InternalError", "method", "org.quiesced.Control.Reload");
    }

    private void assertThatReloadFails(String error, String parameter, String value) throws IOException {
        try (Connection connection = connect()) {
            write(connection, "{\"method\":\"org.quiesced.Control.Reload\"}\0");
            JsonNode reply = JsonMapper.shared().readTree(read(connection));

            assertThat(reply.path("error").asString()).isEqualTo("org.quiesced.Control." + error);
            assertThat(reply.at("/parameters/" + parameter).asString()).isEqualTo(value);
            assertThat(wrongWith("Reload", reply)).isEmpty();
            write(connection, "{\"method\":\"org.quiesced.Control.Status\"}\0");
            assertThat(read(connection)).contains("\"drivesParallel\":24");
        }
    }

    @Test
    void repliesConformToTheInterfaceDefinition() throws IOException {
        List<String> methods = Idl.of("org.quiesced.Control").methods();
        assertThat(methods).contains("org.quiesced.Control.Events");
        for (String method : methods) {
            if (!method.endsWith(".Events")) {
                assertThat(wrongWith(name(method), ask("{\"method\":\"" + method + "\"}")))
                        .isEmpty();
            }
        }
        try (Connection connection = connect()) {
            write(
                    connection,
                    "{\"method\":\"org.quiesced.Control.Events\",\"parameters\":{\"simulate\":true},\"more\":true}\0");
            JsonNode reply;
            do {
                reply = JsonMapper.shared().readTree(read(connection));
                assertThat(wrongWith("Events", reply)).isEmpty();
            } while (reply.path("continues").asBoolean(false));
        }
        assertThat(Idl.of("org.varlink.service")
                        .wrongWithReply("GetInfo", ask("{\"method\":\"org.varlink.service.GetInfo\"}")))
                .isEmpty();
    }

    @Test
    void eachDefinedMethodIsImplemented() throws IOException {
        JsonNode info = ask("{\"method\":\"org.varlink.service.GetInfo\"}");
        for (JsonNode name : info.at("/parameters/interfaces")) {
            for (String method : Idl.of(name.asString()).methods()) {
                assertThat(ask("{\"method\":\"" + method + "\"}").path("error").asString(""))
                        .doesNotContain("NotFound", "NotImplemented");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org.quiesced.Control.Plan | {\"verb\": \"explode\"} | verb",
                "org.quiesced.Control.Plan | {\"verb\": 7} | verb",
                "org.quiesced.Control.Plan | {\"verbs\": \"reboot\"} | verbs",
                "org.quiesced.Control.Plan | [\"reboot\"] | parameters",
                "org.quiesced.Control.Status | {\"all\": true} | all",
                "org.quiesced.Control.Tree | \"all\" | parameters",
                "org.quiesced.Control.Reload | {\"file\": \"x\"} | file",
                "org.quiesced.Control.Events | {\"simulate\": \"yes\"} | simulate",
                "org.varlink.service.GetInfo | {\"x\": 1} | x",
                "io.systemd.service.Ping | {\"x\": 1} | x",
                "io.systemd.service.Reload | {\"x\": 1} | x",
                "io.systemd.service.GetEnvironment | {\"x\": 1} | x",
                "io.systemd.service.SetLogLevel | {\"level\": \"debug\"} | level",
                "io.systemd.service.SetLogLevel | {\"level\": 6.5} | level",
                "io.systemd.service.SetLogLevel | {\"level\": -1} | level",
                "io.systemd.service.SetLogLevel | {\"level\": 8} | level",
                "io.systemd.service.SetLogLevel | {\"level\": 4294967302} | level",
                "org.varlink.service.GetInterfaceDescription | {} | interface",
                "org.varlink.service.GetInterfaceDescription | {\"interface\": 1} | interface"
            })
    void wrongParameterIsNamed(String method, String parameters, String wrong) throws IOException {
        JsonNode reply = ask("{\"method\":\"" + method + "\",\"parameters\":" + parameters + "}");

        assertThat(reply.path("error").asString()).isEqualTo("org.varlink.service.InvalidParameter");
        assertThat(reply.at("/parameters/parameter").asString()).isEqualTo(wrong);
    }

    @Test
    void nullParameterCountsAsAbsent() throws IOException {
        JsonNode reply = ask("{\"method\":\"org.quiesced.Control.Plan\",\"parameters\":{\"verb\":null}}");

        assertThat(reply.at("/parameters/verb").asString()).isEqualTo("reboot");
        assertThat(ask("{\"method\":\"org.quiesced.Control.Status\",\"parameters\":null}")
                        .path("error")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void eventsNeedACallWithMore() throws IOException {
        assertThat(ask("{\"method\":\"org.quiesced.Control.Events\"}"))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"error": "org.varlink.service.ExpectedMore", "parameters": {}}
                        """));
    }

    @Test
    void unknownMethodIsAnErrorOfTheCall() throws IOException {
        try (Connection connection = connect()) {
            write(connection, "{\"method\":\"org.quiesced.Control.Explode\"}\0");
            assertThat(read(connection)).contains("org.varlink.service.MethodNotFound");
            write(connection, "{\"method\":\"com.example.Other.Thing\"}\0");
            assertThat(read(connection)).contains("org.varlink.service.InterfaceNotFound");
            write(connection, "{\"method\":\"org.quiesced.Control.Plan\",\"parameters\":{\"verb\":\"explode\"}}\0");
            assertThat(read(connection)).contains("org.varlink.service.InvalidParameter");
            write(connection, "{\"method\":\"org.quiesced.Control.Status\"}\0");
            assertThat(read(connection)).contains("\"drivesParallel\":24");
        }
    }

    @Test
    void theServiceReloadsAsTheDaemonDoes() throws IOException {
        assertThat(ask("{\"method\":\"io.systemd.service.Reload\"}").toString()).isEqualTo("{\"parameters\":{}}");
        text = "mode = \"sfae\"\n";

        assertThat(ask("{\"method\":\"io.systemd.service.Reload\"}")
                        .path("error")
                        .asString())
                .isEqualTo("org.quiesced.Control.InvalidConfiguration");
    }

    @Test
    void theServiceIsDescribedAndAnswersAsItIs() throws IOException {
        assertThat(ask("{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                                + "{\"interface\":\"io.systemd.service\"}}")
                        .at("/parameters/description")
                        .asString())
                .contains("interface io.systemd.service", "method SetLogLevel(level: ?int) -> ()");
        Idl service = Idl.of("io.systemd.service");
        assertThat(service.methods()).isNotEmpty();
        for (String method : service.methods()) {
            assertThat(service.wrongWithReply(name(method), ask("{\"method\":\"" + method + "\"}")))
                    .isEmpty();
        }
    }
}
