// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.device.Device;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.User;
import org.quiesced.method.Unready;
import org.quiesced.plan.Reason;

/** A builder of the details of a {@link ReasonJson}. */
final class ReasonDetails {
    private final ReasonType type;
    private Optional<String> device = Optional.empty();
    private List<String> devices = List.of();
    private Optional<String> driver = Optional.empty();
    private List<UserJson> users = List.of();
    private Optional<String> noExitrd = Optional.empty();
    private List<String> freedBy = List.of();
    private Optional<Unready.NotWorking> state = Optional.empty();
    private Optional<String> expected = Optional.empty();
    private Optional<Reason.OtherPhase> moment = Optional.empty();
    private Optional<Double> after = Optional.empty();
    private Optional<Boolean> inFlight = Optional.empty();
    private Optional<String> error = Optional.empty();

    ReasonDetails(ReasonType type) {
        this.type = type;
    }

    ReasonDetails device(String name) {
        device = Optional.of(name);
        return this;
    }

    ReasonDetails devices(List<Device> others) {
        devices = others.stream().map(Device::path).toList();
        return this;
    }

    ReasonDetails driver(String name) {
        driver = Optional.of(name);
        return this;
    }

    ReasonDetails users(Reason.InUse use) {
        users = UserJson.chain(use.user());
        noExitrd = use.noExitrd();
        freedBy = words(use.freedBy());
        return this;
    }

    ReasonDetails user(User user) {
        users = UserJson.chain(user);
        return this;
    }

    ReasonDetails expected(String value) {
        expected = Optional.of(value);
        return this;
    }

    ReasonDetails state(Unready.NotWorking broken) {
        state = Optional.of(broken);
        expected = Optional.of(broken.expected());
        return device(broken.device());
    }

    ReasonDetails moment(Reason.OtherPhase excluded) {
        moment = Optional.of(excluded);
        return this;
    }

    ReasonDetails after(Duration limit) {
        after = Optional.of(PlanReport.seconds(limit));
        return this;
    }

    ReasonDetails inFlight(boolean flying) {
        inFlight = Optional.of(flying);
        return this;
    }

    ReasonDetails error(String message) {
        error = Optional.of(message);
        return this;
    }

    /** Returns the words of kinds of holders, in the order of the kinds. */
    static List<String> words(Set<HolderKind> kinds) {
        return kinds.stream().sorted().map(HolderKind::word).toList();
    }

    /** Returns the kinds of some words; unknown words are omitted. */
    static Set<HolderKind> kinds(List<String> words) {
        return words.stream().flatMap(word -> HolderKind.ofWord(word).stream()).collect(Collectors.toUnmodifiableSet());
    }

    ReasonJson make() {
        return new ReasonJson(
                type,
                device,
                devices,
                driver,
                users,
                noExitrd,
                freedBy,
                state.map(Unready.NotWorking::state),
                expected,
                moment.map(excluded -> excluded.phase().word()),
                moment.map(excluded -> excluded.verb().word()),
                after,
                inFlight,
                error);
    }
}
