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
import org.quiesced.kernel.User;
import org.quiesced.method.Ending;
import org.quiesced.method.Unready;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * The JSON of the reason of a disposition, of a failure or of an ending. Only the fields of its type are present; see
 * {@link ReasonType}. {@link #describe} returns the sentence, also for a reason that was received as JSON.
 *
 * @param type the type of the reason
 * @param device the name of the disk, partition or device concerned
 * @param devices the paths of other devices
 * @param driver the name of a driver
 * @param users the user; a holder, a pool or a loop device is followed by its own user, and so on
 * @param noExitrd why no exitrd releases the device
 * @param freedBy the kinds of holders that the key {@code release} would have to name for the disk to be free
 * @param state the state of {@code device}
 * @param expected the required state, or the required value of a key of the configuration
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
        List<String> freedBy,
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
        freedBy = freedBy == null ? List.of() : List.copyOf(freedBy);
    }

    /** Creates a reason without details. */
    public static ReasonJson of(ReasonType type) {
        return new ReasonDetails(type).make();
    }

    /** Converts the reason why a device is left to the kernel or deferred. */
    public static ReasonJson of(Reason reason) {
        if (reason instanceof Reason.Off) {
            return of(ReasonType.MODE_OFF);
        } else if (reason instanceof Reason.NoMethod why) {
            return new ReasonDetails(ReasonType.NO_METHOD).driver(why.driver()).make();
        } else if (reason instanceof Reason.NotAsked why) {
            return new ReasonDetails(ReasonType.METHOD_NOT_SET)
                    .driver(why.driver())
                    .expected(why.method().word())
                    .make();
        } else if (reason instanceof Reason.OptedOut) {
            return of(ReasonType.OPTED_OUT);
        } else if (reason instanceof Reason.KernelIsParallel) {
            return of(ReasonType.KERNEL_IS_PARALLEL);
        } else if (reason instanceof Reason.InUse use) {
            return new ReasonDetails(ReasonType.IN_USE)
                    .device(use.disk())
                    .users(use)
                    .make();
        } else if (reason instanceof Reason.NotReady why) {
            return of(why.why());
        } else if (reason instanceof Reason.Unknowable why) {
            return new ReasonDetails(ReasonType.USE_UNKNOWN).error(why.detail()).make();
        } else if (reason instanceof Reason.OtherPhase why) {
            return new ReasonDetails(ReasonType.OTHER_PHASE).moment(why).make();
        } else if (reason instanceof Reason.NotReleased why) {
            return new ReasonDetails(ReasonType.NOT_RELEASED).device(why.what()).make();
        } else if (reason instanceof Reason.Cancelled) {
            return of(ReasonType.CANCELLED);
        } else if (reason instanceof Reason.HookEnded why) {
            return new ReasonDetails(ReasonType.HOOK_ENDED)
                    .inFlight(why.inFlight())
                    .make();
        } else if (reason instanceof Reason.HeldBack why) {
            return new ReasonDetails(ReasonType.HELD_BACK)
                    .devices(List.of(why.by()))
                    .make();
        } else if (reason instanceof Reason.Circular why) {
            return new ReasonDetails(ReasonType.CIRCULAR).devices(why.members()).make();
        } else if (reason instanceof Reason.Failed why) {
            return failed(why.detail());
        } else if (reason instanceof Reason.TimedOut why) {
            return new ReasonDetails(ReasonType.TIMED_OUT)
                    .after(why.after())
                    .inFlight(why.inFlight())
                    .make();
        }
        if (reason instanceof Reason.NetworkGone why) {
            return new ReasonDetails(ReasonType.NETWORK_GONE)
                    .inFlight(why.inFlight())
                    .make();
        }
        boolean inFlight = ((Reason.DeadlineReached) reason).inFlight();
        return new ReasonDetails(ReasonType.DEADLINE_REACHED).inFlight(inFlight).make();
    }

    private static ReasonJson of(Unready why) {
        if (why instanceof Unready.NotWorking broken) {
            return new ReasonDetails(ReasonType.NOT_WORKING).state(broken).make();
        } else if (why instanceof Unready.OtherDriver other) {
            return new ReasonDetails(ReasonType.OTHER_DRIVER)
                    .driver(other.driver())
                    .make();
        }
        if (why instanceof Unready.Owned owned) {
            return new ReasonDetails(ReasonType.OWNED)
                    .device(owned.device())
                    .user(new User.Described(owned.owner()))
                    .make();
        }
        return new ReasonDetails(ReasonType.SUSPENDED)
                .device(((Unready.Suspended) why).device())
                .make();
    }

    /** Converts an ending; empty if the device is down without a shortcoming. */
    public static Optional<ReasonJson> of(Ending ending) {
        if (ending instanceof Ending.NotStopped running) {
            return Optional.of(new ReasonDetails(ReasonType.NOT_STOPPED)
                    .error(running.detail())
                    .make());
        } else if (ending instanceof Ending.Unconfirmed unconfirmed) {
            return Optional.of(new ReasonDetails(ReasonType.UNCONFIRMED)
                    .after(unconfirmed.after())
                    .make());
        } else if (ending instanceof Ending.Unanswered unanswered) {
            return Optional.of(new ReasonDetails(ReasonType.UNANSWERED)
                    .after(unanswered.after())
                    .make());
        }
        return ending instanceof Ending.Unreached ? Optional.of(of(ReasonType.UNREACHED)) : Optional.empty();
    }

    /** Creates the reason for a failure. */
    public static ReasonJson failed(String error) {
        return new ReasonDetails(ReasonType.FAILED).error(error).make();
    }

    /** Returns the reason in the words of {@link Reason#describe} and {@link Ending#describe}. */
    public String describe() {
        return switch (type) {
            case OPTED_IN -> "opted in";
            case NOT_OPTED_IN -> "supported, not opted in";
            case MODE_ON -> "mode is on";
            case NOT_STOPPED -> new Ending.NotStopped(error.orElse("")).describe();
            case UNCONFIRMED -> new Ending.Unconfirmed(limit()).describe();
            case UNANSWERED -> new Ending.Unanswered(limit()).describe();
            case UNREACHED -> new Ending.Unreached().describe();
            default -> reason().describe();
        };
    }

    /** Returns the reason as a sentence of its own. */
    public String warning() {
        return reason() instanceof Reason.Circular cycle ? cycle.warning() : describe();
    }

    /** Returns a device that is left to the kernel for this reason. */
    Sums.Left left(Sums.Item item) {
        return Sums.Left.of(item, reason());
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
            case IN_USE -> new Reason.InUse(about, UserJson.user(users), noExitrd, ReasonDetails.kinds(freedBy));
            case NOT_WORKING ->
                new Reason.NotReady(new Unready.NotWorking(about, state.orElse(""), expected.orElse("")));
            case OTHER_DRIVER -> new Reason.NotReady(new Unready.OtherDriver(driver.orElse("")));
            case SUSPENDED -> new Reason.NotReady(new Unready.Suspended(about));
            case OWNED ->
                new Reason.NotReady(
                        new Unready.Owned(about, UserJson.user(users).describe()));
            case NETWORK_GONE -> new Reason.NetworkGone(flying);
            case USE_UNKNOWN -> new Reason.Unknowable(error.orElse(""));
            case OTHER_PHASE ->
                new Reason.OtherPhase(
                        phase.flatMap(Phase::ofWord).orElse(Phase.EARLY),
                        verb.flatMap(Verb::ofWord).orElse(Verb.REBOOT));
            case NOT_RELEASED -> new Reason.NotReleased(about);
            case CANCELLED -> new Reason.Cancelled();
            case HOOK_ENDED -> new Reason.HookEnded(flying);
            case HELD_BACK -> new Reason.HeldBack(known(devices.isEmpty() ? "" : devices.get(0)));
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

    /** Returns a device with only its path. */
    private static Device known(String path) {
        return new Device(path, "", false, Optional.empty(), Map.of());
    }
}
