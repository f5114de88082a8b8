// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.method.Ending;
import org.quiesced.method.Unready;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * The reason of a disposition, of a failure or of an ending as JSON has it. Only the fields that belong to its type are
 * present; {@link ReasonType} says which. {@link #describe} makes the sentence, for a reason of this process and for
 * one that was received.
 *
 * @param type what kind of reason it is
 * @param device the name of the disk, partition or device that it is about
 * @param devices the paths of other devices
 * @param driver the name of a driver
 * @param users the user; if it is a holder or a loop device, followed by the one who uses that in turn
 * @param noExitrd why no exitrd takes the device, in words of those who make it
 * @param state the state of {@code device}
 * @param expected the state that it should have, or the value that a key of the configuration should have
 * @param phase a phase of the shutdown
 * @param verb a verb of systemd
 * @param after a time limit, in seconds
 * @param inFlight whether its driver is being unbound, for which the kernel waits
 * @param error the message of the call that failed
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ReasonJson(
        ReasonType type,
        Optional<String> device,
        List<String> devices,
        Optional<String> driver,
        List<UserJson> users,
        Optional<String> noExitrd,
        Optional<String> state,
        Optional<String> expected,
        Optional<String> phase,
        Optional<String> verb,
        Optional<Double> after,
        Optional<Boolean> inFlight,
        Optional<String> error) {
    /** Copies the lists; one that is absent in JSON is empty. */
    public ReasonJson {
        devices = devices == null ? List.of() : List.copyOf(devices);
        users = users == null ? List.of() : List.copyOf(users);
    }

    /** Makes a reason that has no details. */
    public static ReasonJson of(ReasonType type) {
        return new Details(type).make();
    }

    /** Makes the JSON of the reason why a device is left to the kernel, or deferred. */
    public static ReasonJson of(Reason reason) {
        if (reason instanceof Reason.Off) {
            return of(ReasonType.MODE_OFF);
        } else if (reason instanceof Reason.NoMethod why) {
            return new Details(ReasonType.NO_METHOD).driver(why.driver()).make();
        } else if (reason instanceof Reason.NotAsked why) {
            return new Details(ReasonType.METHOD_NOT_SET)
                    .driver(why.driver())
                    .expected(why.method().word())
                    .make();
        } else if (reason instanceof Reason.OptedOut) {
            return of(ReasonType.OPTED_OUT);
        } else if (reason instanceof Reason.KernelIsParallel) {
            return of(ReasonType.KERNEL_IS_PARALLEL);
        } else if (reason instanceof Reason.InUse use) {
            return new Details(ReasonType.IN_USE).device(use.disk()).users(use).make();
        } else if (reason instanceof Reason.NotReady why) {
            return of(why.why());
        } else if (reason instanceof Reason.Unknowable why) {
            return new Details(ReasonType.USE_UNKNOWN).error(why.detail()).make();
        } else if (reason instanceof Reason.OtherPhase why) {
            return new Details(ReasonType.OTHER_PHASE).moment(why).make();
        } else if (reason instanceof Reason.NotReleased why) {
            return new Details(ReasonType.NOT_RELEASED).device(why.what()).make();
        } else if (reason instanceof Reason.Cancelled) {
            return of(ReasonType.CANCELLED);
        } else if (reason instanceof Reason.HookEnded why) {
            return new Details(ReasonType.HOOK_ENDED).inFlight(why.inFlight()).make();
        } else if (reason instanceof Reason.HeldBack why) {
            return new Details(ReasonType.HELD_BACK).devices(List.of(why.by())).make();
        } else if (reason instanceof Reason.Circular why) {
            return new Details(ReasonType.CIRCULAR).devices(why.members()).make();
        } else if (reason instanceof Reason.Failed why) {
            return failed(why.detail());
        } else if (reason instanceof Reason.TimedOut why) {
            return new Details(ReasonType.TIMED_OUT)
                    .after(why.after())
                    .inFlight(why.inFlight())
                    .make();
        }
        boolean inFlight = ((Reason.DeadlineReached) reason).inFlight();
        return new Details(ReasonType.DEADLINE_REACHED).inFlight(inFlight).make();
    }

    private static ReasonJson of(Unready why) {
        if (why instanceof Unready.NotWorking broken) {
            return new Details(ReasonType.NOT_WORKING).state(broken).make();
        } else if (why instanceof Unready.OtherDriver other) {
            return new Details(ReasonType.OTHER_DRIVER).driver(other.driver()).make();
        }
        return new Details(ReasonType.SUSPENDED)
                .device(((Unready.Suspended) why).device())
                .make();
    }

    /** Makes the JSON of an ending; empty if the device is simply down. */
    public static Optional<ReasonJson> of(Ending ending) {
        if (ending instanceof Ending.NotStopped running) {
            return Optional.of(
                    new Details(ReasonType.NOT_STOPPED).error(running.detail()).make());
        } else if (ending instanceof Ending.Unconfirmed unconfirmed) {
            return Optional.of(new Details(ReasonType.UNCONFIRMED)
                    .after(unconfirmed.after())
                    .make());
        } else if (ending instanceof Ending.Unanswered unanswered) {
            return Optional.of(
                    new Details(ReasonType.UNANSWERED).after(unanswered.after()).make());
        }
        return Optional.empty();
    }

    /** Makes the JSON of a failure. */
    public static ReasonJson failed(String error) {
        return new Details(ReasonType.FAILED).error(error).make();
    }

    /** Returns the reason in words, as {@link Reason#describe} and {@link Ending#describe} have them. */
    public String describe() {
        return switch (type) {
            case OPTED_IN -> "opted in";
            case NOT_OPTED_IN -> "supported, not opted in";
            case MODE_ON -> "mode is on";
            case NOT_STOPPED -> new Ending.NotStopped(error.orElse("")).describe();
            case UNCONFIRMED -> new Ending.Unconfirmed(limit()).describe();
            case UNANSWERED -> new Ending.Unanswered(limit()).describe();
            default -> reason().describe();
        };
    }

    /** Returns the reason in words that stand for themselves. */
    public String warning() {
        return reason() instanceof Reason.Circular cycle ? cycle.warning() : describe();
    }

    private Reason reason() {
        String about = device.orElse("");
        boolean flying = inFlight.orElse(false);
        return switch (type) {
            case MODE_OFF -> new Reason.Off();
            case NO_METHOD -> new Reason.NoMethod(driver.orElse(""));
            case METHOD_NOT_SET -> new Reason.NotAsked(driver.orElse(""), method());
            case OPTED_OUT -> new Reason.OptedOut();
            case KERNEL_IS_PARALLEL -> new Reason.KernelIsParallel();
            case IN_USE -> new Reason.InUse(about, UserJson.user(users), noExitrd);
            case NOT_WORKING ->
                new Reason.NotReady(new Unready.NotWorking(about, state.orElse(""), expected.orElse("")));
            case OTHER_DRIVER -> new Reason.NotReady(new Unready.OtherDriver(driver.orElse("")));
            case SUSPENDED -> new Reason.NotReady(new Unready.Suspended(about));
            case USE_UNKNOWN -> new Reason.Unknowable(error.orElse(""));
            case OTHER_PHASE ->
                new Reason.OtherPhase(
                        phase.flatMap(Phase::ofWord).orElse(Phase.EARLY),
                        verb.flatMap(Verb::ofWord).orElse(Verb.REBOOT));
            case NOT_RELEASED -> new Reason.NotReleased(about);
            case CANCELLED -> new Reason.Cancelled();
            case HOOK_ENDED -> new Reason.HookEnded(flying);
            case HELD_BACK -> new Reason.HeldBack(known(devices.get(0)));
            case CIRCULAR ->
                new Reason.Circular(devices.stream().map(ReasonJson::known).toList());
            case TIMED_OUT -> new Reason.TimedOut(limit(), flying);
            case DEADLINE_REACHED -> new Reason.DeadlineReached(flying);
            default -> new Reason.Failed(error.orElse(""));
        };
    }

    private Settings.Method method() {
        return Stream.of(Settings.Method.values())
                .filter(value -> expected.equals(Optional.of(value.word())))
                .findFirst()
                .orElse(Settings.Method.AUTO);
    }

    private Duration limit() {
        return Duration.ofNanos(Math.round(after.orElse(0.0) * 1e9));
    }

    /** Returns a device of which only the path is known. */
    private static Device known(String path) {
        return new Device(path, "", false, Optional.empty(), Map.of());
    }

    /** The details of a reason while it is made. */
    private static final class Details {
        private final ReasonType type;
        private Optional<String> device = Optional.empty();
        private List<String> devices = List.of();
        private Optional<String> driver = Optional.empty();
        private List<UserJson> users = List.of();
        private Optional<String> noExitrd = Optional.empty();
        private Optional<Unready.NotWorking> state = Optional.empty();
        private Optional<String> expected = Optional.empty();
        private Optional<Reason.OtherPhase> moment = Optional.empty();
        private Optional<Double> after = Optional.empty();
        private Optional<Boolean> inFlight = Optional.empty();
        private Optional<String> error = Optional.empty();

        Details(ReasonType type) {
            this.type = type;
        }

        Details device(String name) {
            device = Optional.of(name);
            return this;
        }

        Details devices(List<Device> others) {
            devices = others.stream().map(Device::path).toList();
            return this;
        }

        Details driver(String name) {
            driver = Optional.of(name);
            return this;
        }

        Details users(Reason.InUse use) {
            users = UserJson.chain(use.user());
            noExitrd = use.noExitrd();
            return this;
        }

        Details expected(String value) {
            expected = Optional.of(value);
            return this;
        }

        Details state(Unready.NotWorking broken) {
            state = Optional.of(broken);
            expected = Optional.of(broken.expected());
            return device(broken.device());
        }

        Details moment(Reason.OtherPhase excluded) {
            moment = Optional.of(excluded);
            return this;
        }

        Details after(Duration limit) {
            after = Optional.of(PlanReport.seconds(limit));
            return this;
        }

        Details inFlight(boolean flying) {
            inFlight = Optional.of(flying);
            return this;
        }

        Details error(String message) {
            error = Optional.of(message);
            return this;
        }

        ReasonJson make() {
            return new ReasonJson(
                    type,
                    device,
                    devices,
                    driver,
                    users,
                    noExitrd,
                    state.map(Unready.NotWorking::state),
                    expected,
                    moment.map(excluded -> excluded.phase().word()),
                    moment.map(excluded -> excluded.verb().word()),
                    after,
                    inFlight,
                    error);
        }
    }
}
