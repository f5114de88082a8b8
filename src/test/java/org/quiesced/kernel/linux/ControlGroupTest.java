// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The unit or container of a process is read from its control group. */
class ControlGroupTest {
    private static final String ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "/system.slice/smartd.service, smartd.service",
        "/system.slice/system-postgresql.slice/postgresql@15-main.service, postgresql@15-main.service",
        "/machine.slice/machine-qemu\\x2d1\\x2ddb.scope/libvirt/emulator, machine-qemu-1-db.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/backup.service, backup.service",
        "/user.slice/user-0.slice/session-3.scope, session-3.scope",
        "/init.scope, init.scope",
        "/system.slice/docker-ID.scope, container 0123456789ab",
        "/docker/ID, container 0123456789ab",
        "/machine.slice/libpod-ID.scope/container, container 0123456789ab",
        "/kubepods.slice/kubepods-pod1.slice/cri-containerd-ID.scope, container 0123456789ab",
        "/kubepods/burstable/pod1/ID, container 0123456789ab",
        "/system.slice/docker-ID.scope/system.slice/db.service, container 0123456789ab"
    })
    void controlGroupNamesTheUnitOrContainer(String path, String words) {
        assertThat(describe("0::" + path.replace("ID", ID) + "\n")).contains(words);
    }

    @Test
    void rootControlGroupNamesNoUnit() {
        assertThat(describe("0::/\n")).isEmpty();
        assertThat(describe("")).isEmpty();
    }

    @Test
    void hierarchyOfSystemdCounts() {
        String text = "12:pids:/a.service\n3:cpu,cpuacct:/b.service\n1:name=systemd:/system.slice/c.service\n0::/\n";

        assertThat(describe(text)).contains("c.service");
    }

    @Test
    void escapedControlCharacterStaysEscaped() {
        assertThat(describe("0::/system.slice/a\\x0ab.service")).contains("a\\x0ab.service");
    }

    private static Optional<String> describe(String text) {
        ControlGroup group = ControlGroup.parse(text);
        return group.container().map(id -> "container " + id).or(group::unit);
    }
}
