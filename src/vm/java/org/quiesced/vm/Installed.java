// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A guest in which the package was installed as an administrator installs it.
 *
 * @param root its root file system, which is the backing of others
 * @param boot the boot with the installation
 */
record Installed(Path root, Boot boot) {
    static final String PACKAGE = "/root/quiesced.deb";

    /**
     * Installs the package, which must ask no question because nobody can answer, and logs the state of the service.
     */
    private static final String SCRIPT = Scripts.WATCH + """
            say() { sed -u "s/^/scenario: $1: /" >/dev/kmsg; }
            cat /proc/uptime | say before
            ls /sys/bus/pci/drivers/nvme/ | grep -c : | say bound
            apt-get install -y /root/quiesced.deb </dev/null 2>&1 | say apt
            cat /proc/uptime | say after
            systemctl is-active quiesced.service quiesced-early.service | say active
            systemctl show -P StatusText quiesced.service | say status
            ls /sys/bus/pci/drivers/nvme/ | grep -c : | say bound
            df -k --output=used /run/quiesced/root | tail -n 1 | say lifeboat
            pid=$(systemctl show -P MainPID quiesced.service)
            grep -E 'VmRSS|VmSwap|RssAnon' /proc/$pid/status | say memory
            awk '/^[0-9a-f]+-/ { name = $6 } /^Rss:/ { sum[name] += $2 }
                END { for (name in sum) if (sum[name] > 500) print sum[name] " kB " name }' /proc/$pid/smaps | say resident
            grep -c classes.jsa /proc/$pid/maps | say mapped
            home=/usr/lib/quiesced
            $home/runtime/bin/java @$home/quiesced.options @$home/quiescectl.options -Xshare:on \
                org.quiesced.daemon.Quiesced --help 2>&1 | say 'by the archive of the command'
            if [ -e /run/quiesced/root/usr/lib/quiesced/classes.jsa ]; then uname -r; else echo freed; fi | say archive
            systemd-analyze security --no-pager quiesced.service 2>/dev/null | tail -n 1 | say security
            quiescectl plan --no-pager | say plan
            quiescectl explain nvme0 --no-pager | say explain
            quiescectl doctor --no-pager >/run/doctor; echo $? | say 'doctor ended with'
            say doctor </run/doctor
            systemctl poweroff --no-block
            """;

    /** Builds the package and installs it in a fresh guest with two NVMe drives. */
    static Installed in(GuestImage image, Accelerator accelerator, Path work) throws IOException, InterruptedException {
        Files.createDirectories(work);
        Commands.run(work.resolve("deb.log"), List.of("packaging/deb"));
        Path root = work.resolve("root.qcow2");
        Guest.newRoot(image.root(), root);
        Guest guest = new Guest(
                image,
                accelerator,
                work,
                List.of(Drive.of("root", Drive.Kind.VIRTIO, root), Drive.nvme("data0"), Drive.nvme("data1")));
        return new Installed(root, guest.boot(new Payload(SCRIPT, Map.of(PACKAGE, builtPackage())), line -> {}));
    }

    private static Path builtPackage() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target/package"))) {
            return files.filter(file -> file.toString().endsWith("_amd64.deb"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("packaging/deb has left no package"));
        }
    }
}
