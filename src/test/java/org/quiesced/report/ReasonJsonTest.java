// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.User;
import org.quiesced.method.Ending;
import org.quiesced.method.Step;
import org.quiesced.method.Unready;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.varlink.Idl;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reason is sent as a type and details, and the receiver words it as the sender would. */
class ReasonJsonTest {
    private static final Device FIRST = new Device("/devices/a", "pci", true, Optional.of("nvme"), Map.of());
    private static final Device SECOND = new Device("/devices/b", "pci", true, Optional.of("nvme"), Map.of());

    static Stream<User> users() {
        User root = new User.Mount("/");
        User process = new User.Opener(812, Optional.of("postgres"), Optional.of("postgresql.service"), none());
        return Stream.of(
                root,
                new User.Swap(),
                new User.Holder("md0", none(), none()),
                new User.Holder(
                        "dm-0", Optional.of("vg-data"), Optional.of(new User.Holder("md0", none(), Optional.of(root)))),
                new User.ZfsPool("tank", Optional.of(new User.Mount("/tank"))),
                new User.Open(),
                new User.Zram("zram0"),
                new User.Dependent("0000:03:00.0"),
                new User.VfioGroup("12"),
                process,
                new User.Opener(813, none(), none(), Optional.of("0123456789ab")),
                new User.At("nvme0n1", process),
                new User.At("sda1", new User.Loop("loop0", Optional.of(root))),
                new User.Loop("loop1", none()),
                new User.Heartbeat("ocfs2"),
                new User.Unlisted(),
                new User.Traffic(),
                new User.Uncounted(),
                new User.Undetermined("the open files of db (process 7): no answer"),
                new User.Described("mounted on /srv"),
                new User.Export(User.Exporter.NVMET, Optional.of("nqn.x")),
                new User.Export(User.Exporter.LIO, Optional.of("store")),
                new User.Export(User.Exporter.USB_GADGET, Optional.of("g1")),
                new User.Export(User.Exporter.XEN, Optional.of("vbd-1-2")),
                new User.Export(User.Exporter.SCST, Optional.of("disk1")),
                new User.Export(User.Exporter.RNBD, none()));
    }

    static Stream<Reason> reasons() {
        return Stream.concat(
                users().map(user -> new Reason.InUse("sda", user)),
                Stream.of(
                        new Reason.InUse(
                                "sda",
                                new User.Mount("/"),
                                Optional.of("missing: ldd"),
                                Set.of(HolderKind.MD, HolderKind.ZFS)),
                        new Reason.Off(),
                        new Reason.NoMethod("e1000e"),
                        new Reason.NotAsked("vfio-pci", Settings.Method.NVME_REGISTERS),
                        new Reason.OptedOut(),
                        new Reason.KernelIsParallel(),
                        new Reason.NotReady(new Unready.NotWorking("nvme0", "dead", "live")),
                        new Reason.NotReady(new Unready.OtherDriver("vfio-pci")),
                        new Reason.NotReady(new Unready.Suspended("sda")),
                        new Reason.NotReady(new Unready.Owned("nvme3", "stas")),
                        new Reason.NetworkGone(true),
                        new Reason.NetworkGone(false),
                        new Reason.Unknowable("sda: Input/output error"),
                        new Reason.OtherPhase(Phase.EARLY, Verb.POWEROFF),
                        new Reason.OtherPhase(Phase.LATE, Verb.KEXEC),
                        new Reason.NotReleased("sda1"),
                        new Reason.Cancelled(),
                        new Reason.HookEnded(true),
                        new Reason.HookEnded(false),
                        new Reason.HeldBack(FIRST),
                        new Reason.Circular(List.of(FIRST, SECOND)),
                        new Reason.Failed("Flush failed"),
                        new Reason.TimedOut(Duration.ofMillis(9500), true),
                        new Reason.TimedOut(Duration.ofMinutes(2), false),
                        new Reason.DeadlineReached(true),
                        new Reason.DeadlineReached(false)));
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }

    private static JsonNode json(Object value) {
        return JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(value));
    }

    private static ReasonJson received(ReasonJson sent) {
        return JsonMapper.shared().treeToValue(json(sent), ReasonJson.class);
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void receiverDescribesTheReasonInTheSameWords(Reason reason) throws Exception {
        ReasonJson sent = ReasonJson.of(reason);

        assertThat(received(sent)).isEqualTo(sent);
        assertThat(received(sent).describe()).isEqualTo(reason.describe());
        assertThat(Idl.of(ControlError.INTERFACE).wrongWith("Reason", json(sent)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void fieldsContainNoSentences(Reason reason) {
        assertThat(json(ReasonJson.of(reason)).toString())
                .as("only texts of failed calls and machine files are passed on verbatim")
                .doesNotContain(
                        "left to", "is in use", "mounted on /\"", "held by", "open by", "not down", "deadline re");
    }

    @Test
    void endingHasAReasonUnlessTheDeviceIsDown() {
        assertThat(ReasonJson.of(new Ending.Down())).isEmpty();
        for (Ending ending : List.of(
                new Ending.NotStopped("no answer"),
                new Ending.Unconfirmed(Duration.ofMillis(8250)),
                new Ending.Unreached(),
                new Ending.Unanswered(Duration.ofSeconds(60)))) {
            assertThat(ReasonJson.of(ending).map(sent -> received(sent).describe()))
                    .contains(ending.describe());
        }
    }

    @Test
    void usersOfAHolderAreListedWithDetails() {
        User user = new User.Holder("dm-0", Optional.of("vg-data"), Optional.of(new User.Mount("/srv")));

        assertThat(json(ReasonJson.of(new Reason.InUse("sda", user))))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"type": "in_use", "device": "sda", "users": [
                            {"type": "holder", "name": "dm-0", "mappedName": "vg-data"},
                            {"type": "mount", "path": "/srv"}]}
                        """));
    }

    @Test
    void processHasItsNumberCommandAndUnit() {
        User user = new User.At(
                "nvme0n1", new User.Opener(812, Optional.of("postgres"), Optional.of("postgresql.service"), none()));

        assertThat(json(ReasonJson.of(new Reason.InUse("0000:01:00.0", user))).at("/users/0"))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"type": "process", "node": "nvme0n1",
                         "process": {"pid": 812, "command": "postgres", "unit": "postgresql.service"}}
                        """));
    }

    /** Fails for a new kind of reason or user without a test. */
    @Test
    void testsCoverEachKindOfReasonAndUser() {
        assertThat(reasons().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.of(Reason.class.getPermittedSubclasses()));
        assertThat(users().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.of(User.class.getPermittedSubclasses()));

        Set<ReasonType> types = reasons().map(why -> ReasonJson.of(why).type()).collect(Collectors.toSet());
        types.addAll(Set.of(ReasonType.OPTED_IN, ReasonType.NOT_OPTED_IN, ReasonType.MODE_ON));
        types.addAll(
                Set.of(ReasonType.NOT_STOPPED, ReasonType.UNCONFIRMED, ReasonType.UNREACHED, ReasonType.UNANSWERED));
        assertThat(types).containsExactlyInAnyOrder(ReasonType.values());
        assertThat(users().flatMap(user -> UserJson.chain(user).stream()).map(UserJson::type))
                .contains(UserType.values());
    }

    @Test
    void interfaceDefinitionHasTheSameTypes() throws Exception {
        Map<String, Stream<String>> words = new LinkedHashMap<>();
        words.put("ReasonType", Arrays.stream(ReasonType.values()).map(ReasonType::word));
        words.put("UserType", Arrays.stream(UserType.values()).map(UserType::word));
        words.put("EventKind", Arrays.stream(EventJson.Kind.values()).map(EventJson.Kind::word));
        words.put("Awaited", Arrays.stream(EventJson.Awaited.values()).map(EventJson.Awaited::word));
        words.put("Verb", Arrays.stream(Verb.values()).map(Verb::word));
        words.put("Disposition", Arrays.stream(DispositionType.values()).map(DispositionType::word));
        words.put("Phase", Arrays.stream(PhaseType.values()).map(PhaseType::word));
        words.put("StepType", Arrays.stream(Step.Type.values()).map(Step.Type::word));
        Idl idl = Idl.of(ControlError.INTERFACE);

        for (Map.Entry<String, Stream<String>> type : words.entrySet()) {
            assertThat(idl.members(type.getKey()))
                    .isEqualTo(type.getValue().collect(Collectors.toCollection(LinkedHashSet::new)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ReasonType.class,
            names = {"OPTED_IN", "NOT_OPTED_IN", "MODE_ON"})
    void reasonsForHandlingAreDescribedInWords(ReasonType type) {
        assertThat(received(ReasonJson.of(type)).describe()).isNotBlank().doesNotContain("failed");
    }
}
