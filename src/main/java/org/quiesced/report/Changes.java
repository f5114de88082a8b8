// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.quiesced.config.ConfigOrigins;
import org.quiesced.kernel.HolderKind;
import org.quiesced.plan.RootDrives;

/**
 * Suggests changes that would give a device another disposition.
 *
 * @param names the names by which the device can be given
 */
record Changes(PlanJson.Entry entry, Collection<String> names, ConfigOrigins config) {
    List<String> sentences() {
        return switch (entry.reason().type()) {
            case OPTED_IN, MODE_ON -> handled();
            case NOT_OPTED_IN, KERNEL_IS_PARALLEL ->
                List.of("to shut it down in parallel, add " + driver() + " shutdown = \"parallel\"");
            case MODE_OFF -> List.of("set mode = \"safe\" or \"on\"" + at(config.top("mode")));
            case NO_METHOD ->
                List.of(
                        entry.drive()
                                ? "if its remove() is enough to shut it down, add " + driver()
                                        + " shutdown = \"parallel\" and method = \"unbind\""
                                : "nothing: it is not a drive");
            case METHOD_NOT_SET ->
                List.of("add " + driver() + " method = \""
                        + entry.reason().expected().orElse("") + "\"");
            case OPTED_OUT -> List.of("set shutdown = \"parallel\"" + at(decides("shutdown")));
            case IN_USE -> inUse();
            case HELD_BACK ->
                List.of("it follows the device that needs it: see \"quiescectl explain "
                        + name(entry.reason().devices().get(0)) + "\"");
            case CIRCULAR ->
                List.of("nothing in the configuration: the kernel's links between these devices are circular");
            default -> List.of("nothing in the configuration: it depends on the device's state");
        };
    }

    private List<String> handled() {
        Optional<ConfigOrigins.Value> decides = decides("shutdown");
        String kernel = "to leave it to the kernel, add " + device() + " shutdown = \"kernel\"";
        List<String> earlyWith =
                entry.usedNow().map(PlanJson.UsedNow::earlyWith).orElse(List.of());
        boolean isOwn = decides.filter(value -> value.table().equals("device")).isPresent();
        List<String> sentences = new ArrayList<>();
        if (!earlyWith.isEmpty()) {
            sentences.add(release(earlyWith, "to stop its holder in the early phase, so that it goes down early"));
        }
        sentences.addAll(List.of(
                isOwn ? "to leave it to the kernel, set shutdown = \"kernel\"" + at(decides) : kernel,
                entry.phase().equals(Optional.of(PhaseType.EARLY))
                        ? "to keep it out of the early phase, add " + device() + " phases = [\"late\"]"
                        : entry.disposition() == DispositionType.SERIAL
                                ? "to shut it down in parallel, set shutdown = \"parallel\"" + at(decides)
                                : "to shut it down one by one, add " + device() + " shutdown = \"serial\""));
        return sentences;
    }

    private List<String> inUse() {
        if (!entry.reason().freedBy().isEmpty()) {
            return List.of(release(entry.reason().freedBy(), "to stop its unused holder, so that it goes down early"));
        }
        return entry.reason()
                .noExitrd()
                .map(this::exitrd)
                .orElse(List.of(
                        "nothing in the configuration: its user has to release it before the end of the shutdown"));
    }

    /**
     * Returns how a drive of the root file system goes down in an exitrd.
     *
     * @param obstacle why there is none
     */
    private List<String> exitrd(String obstacle) {
        return switch (obstacle) {
            case RootDrives.NEVER ->
                List.of("to shut it down in an exitrd where that saves time, set root = \"auto\""
                        + at(config.top(Explanation.ROOT)));
            case RootDrives.NOT_ASSUMED ->
                List.of(
                        "nothing in the configuration: this plan assumes no exitrd",
                        "with quiesced.service, it goes down in an exitrd where that saves time and one can be created:"
                                + " see \"quiescectl doctor\"");
            default -> List.of("an exitrd would release it, but none will be created: " + obstacle);
        };
    }

    private String release(List<String> kinds, String aim) {
        return aim + ", set " + HolderKind.line(ReasonDetails.kinds(kinds)) + at(config.top("release"));
    }

    private Optional<ConfigOrigins.Value> decides(String key) {
        return config.deciding(key, entry.driver(), names);
    }

    private static String at(Optional<ConfigOrigins.Value> value) {
        return value.flatMap(ConfigOrigins.Value::place)
                .map(place -> " in " + place.where())
                .orElse("");
    }

    private String driver() {
        return "[driver." + entry.driver() + "]";
    }

    private String device() {
        return "[device.\"" + entry.alias().orElse(entry.device()) + "\"]";
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
