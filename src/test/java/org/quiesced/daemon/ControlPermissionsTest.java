// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.host.LocalListener.Peer;
import tools.jackson.databind.json.JsonMapper;

/** The control socket answers its owner, root and the configured group; only root may change something. */
class ControlPermissionsTest extends ServedSocketTest {
    private static final int STRANGER = 4_000_001;

    @Test
    void socketIsAccessibleToItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
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
