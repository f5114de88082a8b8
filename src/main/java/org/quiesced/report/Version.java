// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

/** Which version this is, as the jar's manifest has it. */
public final class Version {
    private Version() {}

    /** Returns the version, for example {@code 0.1.0}. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
