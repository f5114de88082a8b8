// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Configs;
import org.quiesced.guard.ShutdownWatch;
import org.quiesced.guard.Threads;
import org.quiesced.hook.HookLimit;
import org.quiesced.hook.HostServices;
import org.quiesced.host.LocalListener;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.LocalListener.Peer;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.host.linux.LocalSocket;
import org.quiesced.host.simulated.SimulatedSystemState;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.plan.Planner;
import org.quiesced.report.ControlError;
import org.quiesced.run.Event;
import org.quiesced.simulation.DryRun;
import org.quiesced.snapshot.SnapshotReader;
import org.quiesced.varlink.Idl;
import org.quiesced.varlink.VarlinkConnection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control socket: its answers, its permissions, and the calls that it refuses. */
class ControlServerTest {
    private static final int STRANGER = 4_000_001;
    private static final int FRIENDS = 4_000_002;

    @TempDir
    private Path directory;

    private Daemon daemon;
    private Shutdowns shutdowns;
    private LocalListener listener;
    private volatile String text = "";
    private volatile boolean machineIsBroken;
    private volatile RuntimeException defect;

    @BeforeEach
    void serve() throws Exception {
        Machine machine = BuiltInMachines.byName("nvme-24").orElseThrow();
        SimulatedKernel kernel = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, kernel, Planner.assumingFree(Configs.FILES.shipped()).plan(machine.tree()));
        daemon = new Daemon(
                new SnapshotReader(
                        Altered.with(
                                () -> {
                                    if (machineIsBroken) {
                                        throw new IOException("/sys: Input/output error");
                                    }
                                    return kernel.readTree();
                                },
                                kernel),
                        kernel.workers(),
                        DriveTypes.SUPPORTED,
                        () -> Optional.of("none here"),
                        () -> ExpectedTimes.NONE),
                () -> {
                    if (defect != null) {
                        throw defect;
                    }
                    return text.isEmpty() ? Configs.FILES.shipped() : Configs.FILES.parse("quiesced.toml", text);
                },
                new SilentManager(),
                plan -> {});
        HostServices host =
                new HostServices(new SimulatedSystemState(), line -> {}, new SilentManager(), new HookLimit(directory));
        shutdowns = new Shutdowns(
                kernel,
                kernel.workers(),
                daemon::current,
                Reported.to(new Logging.NoLog(), new EventStream()),
                host,
                ShutdownWatch.NONE);
        Thread main = new Thread(() -> {
            try {
                daemon.run(shutdowns);
            } catch (InterruptedException e) {
                return;
            }
        });
        main.setDaemon(true);
        main.start();
        listener = LocalSocket.listen(path(), Optional.empty());
        Threads threads = new Threads(() -> false);
        threads.start("drives", daemon::askDrives);
        threads.start("socket", () -> {
            try {
                ConnectionLimits limits = new ConnectionLimits(LinuxHost.user());
                new ControlServer(listener, control(limits), limits).serve();
            } catch (IOException e) {
                return;
            }
        });
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private Path path() {
        return directory.resolve("socket");
    }

    private ControlInterface control(ConnectionLimits limits) {
        return new ControlInterface(
                daemon,
                shutdowns,
                new EventStream(),
                limits,
                Optional.of(FRIENDS),
                new ServiceInterface(level -> {}, Map::of),
                DryRun::of);
    }

    private Connection connect() throws IOException {
        Connection connection = LocalSocket.connect(path());
        connection.limitWaiting(Duration.ofSeconds(30));
        return connection;
    }

    private static String read(Connection connection) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] one = new byte[1];
        while (connection.read(one) == 1 && one[0] != 0) {
            message.write(one[0]);
        }
        return message.toString(StandardCharsets.UTF_8);
    }

    private static void write(Connection connection, String text) throws IOException {
        connection.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode ask(String call) throws IOException {
        try (Connection connection = connect()) {
            write(connection, call + "\0");
            return JsonMapper.shared().readTree(read(connection));
        }
    }

    @Test
    void socketIsAccessibleToItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

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
    void slowFollowerOfEventsGetsAnError() throws Exception {
        EventStream stream = new EventStream();
        Event event = new Event.Started(daemon.current().seen().driven().get(0), 0, Event.Place.WORKER);

        AtomicBoolean follows = new AtomicBoolean();
        Thread run = new Thread(() -> {
            while (!follows.get()) {
                stream.tell(event);
            }
        });
        run.start();

        assertThatThrownBy(() -> stream.follow(new IdleConnection(new Peer(0, Set.of()), true), (answer, continues) -> {
                    follows.set(true);
                    // During this answer, more events arrive than are kept.
                    for (int i = 0; i < 20_000; i++) {
                        stream.tell(event);
                    }
                }))
                .hasMessage("org.quiesced.Control.EventsLost");
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

    private void assertThatItIsCut(String bytes) throws IOException {
        try (Connection connection = connect()) {
            try {
                write(connection, bytes);
            } catch (IOException e) {
                // The connection was closed during the write.
                return;
            }
            assertThatItIsCut(connection);
        }
    }

    private static void assertThatItIsCut(Connection connection) {
        try {
            assertThat(connection.read(new byte[1])).isZero();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Connection reset");
        }
    }

    @Test
    void malformedCallClosesTheConnection() throws IOException {
        assertThatItIsCut("hello\0");
        assertThatItIsCut("\0");
        assertThatItIsCut("[1, 2]\0");
        assertThatItIsCut("{\"method\":7}\0");
        assertThatItIsCut("{\"a\":".repeat(5000) + "\0");
        assertThat(ask("{\"method\":\"org.quiesced.Control.Status\"}").toString())
                .contains("\"drivesParallel\":24");
    }

    @Test
    void oversizedCallClosesTheConnection() throws IOException {
        assertThatItIsCut("{\"method\":\"" + "x".repeat(2 * VarlinkConnection.LONGEST_CALL));
    }

    @Test
    void slowCallClosesTheConnection() throws Exception {
        try (Connection connection = connect()) {
            long end = System.nanoTime()
                    + VarlinkConnection.SLOWEST_CALL.multipliedBy(4).toNanos();
            boolean cut = false;
            while (!cut && System.nanoTime() < end) {
                try {
                    write(connection, " ");
                    TimeUnit.MILLISECONDS.sleep(300);
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        List<Connection> open = new ArrayList<>();
        try {
            for (int i = 0; i < ConnectionLimits.MOST; i++) {
                Connection connection = connect();
                open.add(connection);
                write(connection, "{\"method\":\"org.quiesced.Control.Status\"}\0");
                assertThat(read(connection)).contains("\"drivesParallel\":24");
            }
            try (Connection tooMany = connect()) {
                assertThatItIsCut(tooMany);
            }
        } finally {
            open.forEach(Connection::close);
        }
    }

    private void call(String method, Peer peer) throws Exception {
        callByName("org.quiesced.Control." + method, peer);
    }

    private void callByName(String method, Peer peer) throws Exception {
        control(new ConnectionLimits(0))
                .call(
                        method,
                        JsonMapper.shared().valueToTree(Map.of()),
                        false,
                        new IdleConnection(peer, true),
                        (parameters, continues) -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"Reload", "SetLogLevel", "GetEnvironment"})
    void theServiceIsForRootAndItsGroupMayOnlySeeThatItAnswers(String method) throws Exception {
        Peer friend = new Peer(STRANGER, Set.of(FRIENDS));

        callByName("io.systemd.service." + method, new Peer(0, Set.of(0)));
        callByName("io.systemd.service.Ping", friend);
        for (String denied : List.of("io.systemd.service." + method, "io.systemd.service." + method + "x")) {
            assertThatThrownBy(() -> callByName(denied, friend))
                    .hasMessage(
                            denied.endsWith("x")
                                    ? "org.varlink.service.MethodNotFound"
                                    : "org.varlink.service.PermissionDenied");
        }
        assertThatThrownBy(() -> callByName("io.systemd.service.Ping", new Peer(STRANGER, Set.of(STRANGER))))
                .hasMessage("org.varlink.service.PermissionDenied");
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

    @Test
    void onlyRootMayChangeAndOnlyTheGroupMayQuery() throws Exception {
        call("Status", new Peer(0, Set.of(0)));
        call("Reload", new Peer(0, Set.of(0)));
        call("Status", new Peer(STRANGER, Set.of(FRIENDS)));
        assertThatThrownBy(() -> call("Reload", new Peer(STRANGER, Set.of(FRIENDS))))
                .hasMessage("org.varlink.service.PermissionDenied");
        assertThatThrownBy(() -> call("Status", new Peer(STRANGER, Set.of(STRANGER))))
                .hasMessage("org.varlink.service.PermissionDenied");
    }
}
