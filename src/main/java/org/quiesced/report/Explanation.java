// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.config.ConfigOrigins;
import org.quiesced.config.TimeSpan;

/**
 * Explains the disposition of a device, and lists the changes that would change it.
 *
 * @param device its sysfs name
 * @param label its display name
 * @param disposition its disposition
 * @param facts the rules and facts that led to it
 * @param changes the changes that would change it, as sentences
 */
public record Explanation(
        String device, String label, DispositionType disposition, List<Fact> facts, List<String> changes) {
    /** The key that determines whether the drives of the root file system go down in an exitrd. */
    static final String ROOT = "root";

    /** The keys of the configuration that apply to a device, the most decisive first. */
    private static final List<String> KEYS = List.of("shutdown", "method", "timeout", "flush", "stop", "phases");

    /** The reasons that depend on a configuration that names the device or its driver. */
    private static final Set<ReasonType> NAMED = EnumSet.of(ReasonType.OPTED_IN, ReasonType.OPTED_OUT);

    /** Width of the topics' column; shorter topics are aligned to the right. */
    private static final int TOPICS = 12;

    /**
     * A rule or a fact.
     *
     * @param topic its subject, for example {@code driver}
     * @param text the rule or fact
     * @param where the file and line that sets it, {@code default} if none does; empty if it is not configurable
     */
    public record Fact(String topic, String text, Optional<String> where) {
        /** Creates a fact that is not configurable. */
        public static Fact of(String topic, String text) {
            return new Fact(topic, text, Optional.empty());
        }
    }

    /** Copies the lists. */
    public Explanation {
        facts = List.copyOf(facts);
        changes = List.copyOf(changes);
    }

    /**
     * Explains a device.
     *
     * @param names the names by which the device can be given: its own, and those of its controller and disks
     * @param waitsFor the devices that it waits for
     * @param config the origins of the configuration's values
     */
    public static Explanation of(
            PlanJson.Entry entry, Collection<String> names, List<PlanJson.Entry> waitsFor, ConfigOrigins config) {
        List<Fact> facts = new ArrayList<>();
        facts.add(fact("disposition", disposition(entry)));
        facts.add(fact("because", entry.why()));
        facts.add(fact("driver", driver(entry)));
        entry.steps().forEach(step -> facts.add(fact("step", step.describe())));
        entry.latency().ifPresent(time -> facts.add(fact("time", TimeSpan.format(time))));
        facts.addAll(users(entry));
        facts.addAll(settings(entry, names, config));
        for (PlanJson.Entry dependent : waitsFor) {
            facts.add(fact("waits for", dependent.label() + ", " + disposition(dependent)));
        }
        return new Explanation(
                entry.device(),
                entry.label(),
                entry.disposition(),
                facts,
                new Changes(entry, names, config).sentences());
    }

    private static Fact fact(String topic, String text) {
        return Fact.of(topic, text);
    }

    private static Fact fact(ConfigOrigins.Value value) {
        return new Fact("configured", value.describe(), Optional.of(value.where()));
    }

    private static String disposition(PlanJson.Entry entry) {
        return switch (entry.disposition()) {
            case PARALLEL -> "goes down in parallel" + phase(entry);
            case SERIAL -> "goes down one by one" + phase(entry);
            case KERNEL -> "is left to the kernel";
        };
    }

    private static String phase(PlanJson.Entry entry) {
        return entry.phase().map(phase -> ", in the phase " + phase.word()).orElse("");
    }

    private static String driver(PlanJson.Entry entry) {
        String method = entry.method()
                .map(name -> "by the method " + name)
                .orElse(entry.supported() ? "with a method" : "without a method");
        return entry.driver() + ", " + method;
    }

    private static List<Fact> users(PlanJson.Entry entry) {
        List<UserJson> users = entry.usedNow()
                .map(PlanJson.UsedNow::users)
                .orElse(entry.reason().users());
        return users.isEmpty()
                ? List.of()
                : List.of(fact(
                        "user",
                        UserJson.user(users).describe()
                                + (entry.usedNow().isPresent() ? ", until the shutdown" : ", which stays")));
    }

    private static List<Fact> settings(PlanJson.Entry entry, Collection<String> names, ConfigOrigins config) {
        List<Fact> facts = new ArrayList<>();
        config.top("mode").ifPresent(value -> facts.add(fact(value)));
        if (entry.supported()) {
            config.top("early").ifPresent(value -> facts.add(fact(value)));
        }
        if (isUsedByRoot(entry)) {
            config.top(ROOT).ifPresent(value -> facts.add(fact(value)));
        }
        for (String key : KEYS) {
            config.deciding(key, entry.driver(), names).ifPresent(value -> facts.add(fact(value)));
        }
        boolean isNamed = NAMED.contains(entry.reason().type());
        if (isNamed && config.deciding(KEYS.get(0), entry.driver(), names).isEmpty()) {
            facts.add(fact(
                    "configured",
                    "differently in the configuration that the service has read: the files have changed since"));
        }
        return facts;
    }

    private static boolean isUsedByRoot(PlanJson.Entry entry) {
        return entry.phase().equals(Optional.of(PhaseType.EXITRD))
                || entry.reason().noExitrd().isPresent();
    }

    /** Returns the explanation as text. */
    public Page page() {
        return page(label, facts, changes);
    }

    /**
     * Returns facts as text, one per line, with their topics in front.
     *
     * @param changes the changes that would change them, as sentences
     */
    public static Page page(String label, List<Fact> facts, List<String> changes) {
        Page page = Page.of(label);
        String last = "";
        for (Fact fact : facts) {
            String text =
                    fact.text() + fact.where().map(place -> "  # " + place).orElse("");
            add(page, fact.topic().equals(last) ? "" : fact.topic() + ":", text);
            last = fact.topic();
        }
        for (int i = 0; i < changes.size(); i++) {
            add(page, i == 0 ? "change:" : "", changes.get(i));
        }
        return page;
    }

    private static void add(Page page, String topic, String text) {
        String blanks = " ".repeat(Math.max(0, TOPICS - topic.length()));
        page.item(blanks + topic + " ", text);
    }
}
