// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The daemon detaches mounts over its root only when it runs in the lifeboat. */
class FormerRootTest {
    private static final String LIFEBOAT =
            "350 285 0:45 / / ro,nosuid,nodev,relatime - tmpfs quiesced rw,size=131072k,mode=755";
    private static final String BELOW = "351 350 0:21 / /sys rw,nosuid,nodev,noexec,relatime - sysfs sysfs rw";
    private static final String DISK = "286 350 259:0 / / ro,relatime - ext4 /dev/nvme0n1 rw";

    @Test
    void rootOverTheLifeboatIsDetached() {
        assertThat(FormerRoot.isOver(List.of(LIFEBOAT, BELOW, DISK))).isTrue();
    }

    @Test
    void lifeboatWithoutAnOvermountIsUnchanged() {
        assertThat(FormerRoot.isOver(List.of(LIFEBOAT, BELOW))).isFalse();
    }

    @Test
    void rootOfADaemonStartedByHandIsNeverDetached() {
        assertThat(FormerRoot.isOver(List.of(DISK))).isFalse();
        assertThat(FormerRoot.isOver(List.of(DISK, DISK.replace("286 350", "290 286"))))
                .isFalse();
        assertThat(FormerRoot.isOver(List.of(DISK, LIFEBOAT.replace(" / / ", " / /run/quiesced/root "))))
                .isFalse();
    }
}
