// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

/** The version of quiesced, from the manifest of the jar. */
public final class Version {
    private Version() {}

    /** Returns the version, for example {@code 0.1.0}. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
