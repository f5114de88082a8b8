// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.quiesced.config.ConfigException;
import org.quiesced.device.DeviceTree;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.LocalListener.Peer;
import org.quiesced.kernel.WalkMode;
import org.quiesced.report.ControlError;
import org.quiesced.report.DeviceCounts;
import org.quiesced.report.EventJson;
import org.quiesced.report.MappedList;
import org.quiesced.report.OutcomeCounts;
import org.quiesced.report.PlanReport;
import org.quiesced.report.Version;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;
import org.quiesced.varlink.Parameters;
import org.quiesced.varlink.StandardErrors;
import org.quiesced.varlink.VarlinkConnection;
import org.quiesced.varlink.VarlinkException;
import org.quiesced.varlink.VarlinkService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Implements the methods of the control socket: those of {@code org.quiesced.Control}, of {@link ServiceInterface}, and
 * of {@code org.varlink.service}, which describes both.
 */
final class ControlInterface implements VarlinkService {
    static final String NAME = ControlError.INTERFACE;

    private static final String SERVICE = StandardErrors.INTERFACE;
    private static final List<String> INTERFACES = List.of(SERVICE, NAME, ServiceInterface.NAME);
    private static final Set<String> FOR_ROOT = Set.of(NAME + ".Reload");

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final Daemon daemon;
    private final Shutdowns shutdowns;
    private final EventStream events;
    private final ConnectionLimits limits;
    private final Optional<Integer> group;
    private final ServiceInterface service;
    private final Simulator simulator;
    /**
     * Serializes large answers, each of which occupies memory until its receiver has read it. Root has a separate lock,
     * so other users cannot delay it.
     */
    private final ReentrantLock largeForRoot = new ReentrantLock(true);

    private final ReentrantLock largeForOthers = new ReentrantLock(true);

    /**
     * Creates the interface.
     *
     * @param limits determines who is privileged: root, and the owner of a simulating daemon
     * @param group ID of the group that may call all methods but {@code Reload}
     * @param service implements {@code io.systemd.service}
     * @param simulator executes the plan for {@code Events} with {@code simulate}
     */
    ControlInterface(
            Daemon daemon,
            Shutdowns shutdowns,
            EventStream events,
            ConnectionLimits limits,
            Optional<Integer> group,
            ServiceInterface service,
            Simulator simulator) {
        this.daemon = daemon;
        this.shutdowns = shutdowns;
        this.events = events;
        this.limits = limits;
        this.group = group;
        this.service = service;
        this.simulator = simulator;
    }

    @Override
    public void call(
            String method, JsonNode parameters, boolean more, Connection connection, VarlinkConnection.Answers answers)
            throws IOException, VarlinkException {
        try {
            answer(method, parameters, more, connection, answers);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.error("{}: this is a defect, please report it: {}", method, e.toString());
            throw refusal(new ControlError.InternalError(method));
        }
    }

    private void answer(
            String method, JsonNode parameters, boolean more, Connection connection, VarlinkConnection.Answers answers)
            throws IOException, VarlinkException {
        check(method, connection.peer());
        switch (method) {
            case SERVICE + ".GetInfo" -> {
                Parameters.of(parameters);
                answers.answer(info(), false);
            }
            case SERVICE + ".GetInterfaceDescription" -> {
                String name = Parameters.of(parameters, "interface")
                        .text("interface")
                        .orElseThrow(() -> StandardErrors.invalidParameter("interface"));
                answers.answer(Map.of("description", description(name)), false);
            }
            case NAME + ".Status" -> {
                Parameters.of(parameters);
                answers.answer(status(), false);
            }
            case NAME + ".Plan" -> {
                Verb verb = verb(parameters);
                alone(connection.peer(), () -> answers.answer(plan(verb), false));
            }
            case NAME + ".Tree" -> {
                Parameters.of(parameters);
                alone(
                        connection.peer(),
                        () -> answers.answer(tree(daemon.current().seen().tree()), false));
            }
            case NAME + ".Reload", ServiceInterface.RELOAD -> {
                Parameters.of(parameters);
                reload();
                answers.answer(Map.of(), false);
            }
            case NAME + ".Events" -> {
                boolean simulate = Parameters.of(parameters, "simulate").isSet("simulate");
                if (!more) {
                    throw StandardErrors.expectedMore();
                }
                if (simulate) {
                    alone(connection.peer(), () -> simulate(answers));
                } else {
                    events.follow(connection, answers);
                }
            }
            default -> {
                if (!interfaceOf(method).equals(ServiceInterface.NAME)) {
                    throw unknown(method);
                }
                service.answer(method, parameters, answers);
            }
        }
    }

    private void check(String method, Peer peer) throws VarlinkException {
        boolean mayTell = limits.isPrivileged(peer.user());
        boolean mayAsk = mayTell || group.map(peer.groups()::contains).orElse(false);
        boolean isForRoot = FOR_ROOT.contains(method) || ServiceInterface.FOR_ROOT.contains(method);
        if (!mayAsk || isForRoot && !mayTell) {
            throw StandardErrors.permissionDenied();
        }
    }

    /** An answer that is created while it is sent. */
    @FunctionalInterface
    private interface Large {
        void send() throws IOException;
    }

    /**
     * Sends a large answer when those before it have been sent. Each of them has a time limit, so the wait has one too.
     */
    private void alone(Peer peer, Large answer) throws IOException {
        ReentrantLock lock = limits.isPrivileged(peer.user()) ? largeForRoot : largeForOthers;
        lock.lock();
        try {
            answer.send();
        } finally {
            lock.unlock();
        }
    }

    private static String interfaceOf(String method) {
        int dot = method.lastIndexOf('.');
        return dot < 0 ? method : method.substring(0, dot);
    }

    private static VarlinkException unknown(String method) {
        String name = interfaceOf(method);
        return INTERFACES.contains(name)
                ? StandardErrors.methodNotFound(method)
                : StandardErrors.interfaceNotFound(name);
    }

    private static Map<String, Object> info() {
        return Map.of(
                "vendor", "quiesced",
                "product", "quiesced",
                "version", Version.current(),
                "url", "man:quiesced(8)",
                "interfaces", INTERFACES);
    }

    private static String description(String name) throws VarlinkException {
        if (!INTERFACES.contains(name)) {
            throw StandardErrors.interfaceNotFound(name);
        }
        try (InputStream stream = ControlInterface.class.getResourceAsStream(name + ".varlink")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> status() {
        Snapshot current = daemon.refresh();
        WalkMode walk = current.seen().walk();
        return Map.of(
                "state", shutdowns.isActive() ? "shutting_down" : "ready",
                "mode", current.config().mode().word(),
                "summary", current.summary(),
                "totals", current.totals(),
                "kernelWalk", walk.word(),
                "handover", current.config().handsOver(walk),
                "cancelled", daemon.cancelled(),
                "version", Version.current(),
                "pid", ProcessHandle.current().pid());
    }

    private Object plan(Verb verb) {
        Snapshot current = daemon.refresh();
        return report(current, verb).json();
    }

    private static PlanReport report(Snapshot current, Verb verb) {
        return new PlanReport(current.seen(), current.latencies(), verb, current.config());
    }

    private static Verb verb(JsonNode parameters) throws VarlinkException {
        String word = Parameters.of(parameters, "verb").text("verb").orElse(Verb.REBOOT.word());
        return Verb.ofWord(word).orElseThrow(() -> StandardErrors.invalidParameter("verb"));
    }

    private record Node(String path, String subsystem, Optional<String> driver) {}

    private record Link(String consumer, String supplier, boolean syncStateOnly) {}

    /** Returns the device tree as JSON. The lists are mapped while they are written. */
    private static Map<String, Object> tree(DeviceTree tree) {
        return Map.of(
                "devices",
                new MappedList<>(
                        tree.devices(), device -> new Node(device.path(), device.subsystem(), device.driver())),
                "links",
                new MappedList<>(
                        tree.links(), link -> new Link(link.consumer(), link.supplier(), link.syncStateOnly())));
    }

    private void reload() throws VarlinkException {
        try {
            daemon.reload().get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof RuntimeException) {
                throw refusal(new ControlError.InternalError(NAME + ".Reload"));
            }
            throw refusal(
                    cause instanceof ConfigException invalid
                            ? new ControlError.InvalidConfiguration(invalid.problems())
                            : new ControlError.ReadFailed(String.valueOf(cause.getMessage())));
        }
    }

    /** Returns an error of this interface as an exception. */
    static VarlinkException refusal(ControlError error) {
        return new VarlinkException(NAME + "." + error.name(), error);
    }

    private void simulate(VarlinkConnection.Answers answers) throws IOException {
        Snapshot current = daemon.current();
        Timeline timeline = simulator.execute(
                current.seen(),
                current.latencies(),
                Verb.REBOOT,
                current.config().deadline());
        for (EventJson event : EventJson.reported(timeline.events())) {
            answers.answer(event, true);
        }
        OutcomeCounts drives = new DeviceCounts(current.seen()).drives(timeline);
        answers.answer(EventJson.end(timeline.took().toNanos(), drives), false);
    }
}
