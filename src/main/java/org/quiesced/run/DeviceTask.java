// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.method.Ending;
import org.quiesced.method.GivenUpException;
import org.quiesced.method.NotReleasedException;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.method.Unready;
import org.quiesced.method.UnreadyException;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerPool;

/**
 * The shutdown of one device as a task of a worker. Its last signal is always {@link Signal.Ended} or
 * {@link Signal.GaveUp}. Executed by one worker, which may call the given functions at any time.
 *
 * @param index the device's index in the tree
 * @param step the step of the method to execute
 * @param verb the verb for which it is started
 * @param phase the phase in which it is started
 * @param scans the scans of that phase for users of disks
 * @param flushes the flushes of the run
 * @param permit the permit that the coordinator withdraws to give the device up
 * @param phaseLasts waits until a time, by the clock; returns whether that phase has not ended
 * @param phaseRule returns why a target may not go down in that phase; empty if it may
 * @param clock the pool's clock, in nanoseconds
 * @param deadline returns the present deadline of the run, by that clock
 * @param presentVerb returns the present verb of the run
 * @param isWanted returns whether a shutdown that was begun is to be completed
 */
record DeviceTask(
        int index,
        Disposition.Handled handled,
        Step step,
        Verb verb,
        Phase phase,
        Kernel kernel,
        UsageScans scans,
        SharedFlushes flushes,
        Permit permit,
        LongPredicate phaseLasts,
        Function<Target, Optional<Reason>> phaseRule,
        LongSupplier clock,
        LongSupplier deadline,
        Supplier<Verb> presentVerb,
        BooleanSupplier isWanted)
        implements WorkerPool.Task<Signal> {
    /** The pauses in which a passing use of a device in the early phase may end. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));

    /** How many of them a device on the serial lane may have, for which others wait. */
    private static final int PAUSES_ON_LANE = 1;

    /** A step of the method. */
    @FunctionalInterface
    interface Step {
        Ending take(Target target, Verb verb, Kernel kernel, ShutdownMethod.Progress progress) throws IOException;
    }

    @Override
    public void run(Consumer<? super Signal> mailbox) {
        Signal last;
        try {
            Ending ending = step.take(handled.target(), verb, kernel, new Reports(mailbox));
            last = new Signal.Ended(index, clock.getAsLong(), ending);
        } catch (UnreadyException e) {
            last = new Signal.GaveUp(index, clock.getAsLong(), new Reason.NotReady(e.why()));
        } catch (OtherDriverException e) {
            last = new Signal.GaveUp(
                    index, clock.getAsLong(), new Reason.NotReady(new Unready.OtherDriver(e.driver())));
        } catch (NotReleasedException e) {
            last = new Signal.GaveUp(index, clock.getAsLong(), new Reason.NotReleased(e.what()));
        } catch (DeviceInUseException e) {
            last = new Signal.GaveUp(index, clock.getAsLong(), new Reason.InUse(e.disk(), e.user()));
        } catch (IOException e) {
            last = new Signal.GaveUp(index, clock.getAsLong(), new Reason.Failed(String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            // A defect or lack of memory. Without this signal the coordinator would wait until the device's timeout.
            last = new Signal.GaveUp(index, clock.getAsLong(), new Reason.Failed(e.toString()));
        }
        permit.giveBack();
        mailbox.accept(last);
    }

    private final class Reports implements ShutdownMethod.Progress {
        private final Consumer<? super Signal> mailbox;
        private Target present = handled.target();
        /** When the disks were claimed; {@link Long#MAX_VALUE} if unknown. */
        private long claimed = Long.MAX_VALUE;

        private int pauses;

        Reports(Consumer<? super Signal> mailbox) {
            this.mailbox = mailbox;
        }

        @Override
        public void flushed() {
            mailbox.accept(new Signal.Flushed(index, clock.getAsLong()));
        }

        @Override
        public void allow(Duration patience) {
            mailbox.accept(new Signal.Allow(index, clock.getAsLong(), patience));
        }

        @Override
        public Phase phase() {
            return phase;
        }

        @Override
        public Verb verb() {
            return presentVerb.get();
        }

        @Override
        public Duration left() {
            return Duration.ofNanos(Math.max(0, deadline.getAsLong() - clock.getAsLong()));
        }

        @Override
        public Usage.Users knownUsers() throws IOException {
            claimed = Math.min(claimed, clock.getAsLong());
            return see(scans::known);
        }

        @Override
        public Usage.Users users() throws IOException {
            long since = Math.min(claimed, clock.getAsLong());
            return see(() -> scans.users(since));
        }

        @Override
        public boolean pause() {
            int most = handled.lane() == Disposition.Lane.SERIAL ? PAUSES_ON_LANE : PAUSES.size();
            if (phase != Phase.EARLY || handled.method().needsNetwork() || pauses == most) {
                return false;
            }
            Duration pause = PAUSES.get(pauses++);
            mailbox.accept(new Signal.Paused(index, clock.getAsLong(), pause));
            permit.expect(inPreparation(pause));
            return phaseLasts.test(clock.getAsLong() + pause.toNanos()) && !permit.isWithdrawn();
        }

        @Override
        public void readAnew() {
            claimed = clock.getAsLong();
        }

        private Usage.Users see(ShutdownMethod.Command<Usage.Users> asking) throws IOException {
            permit.expect(inPreparation(UsageScans.LIMIT));
            try {
                return asking.send();
            } catch (IOException e) {
                // Users that cannot be determined cannot be ruled out.
                throw new DeviceInUseException(
                        handled.target().device(), new User.Undetermined(String.valueOf(e.getMessage())));
            } finally {
                answered();
            }
        }

        /** Wakes the coordinator, because the next step has a shorter time limit than the last one. */
        private void answered() {
            permit.expect(inPreparation(Duration.ZERO));
            mailbox.accept(new Signal.Answered(index, clock.getAsLong()));
        }

        private long inPreparation(Duration more) {
            return clock.getAsLong() + more.plus(Flights.PREPARATION).toNanos();
        }

        @Override
        public <T> T ask(ShutdownMethod.Command<T> command) throws IOException {
            permit.command(answerLimit());
            try {
                return command.send();
            } finally {
                answered();
            }
        }

        private long answerLimit() {
            return clock.getAsLong() + configured().orElse(Flights.ANSWER).toNanos();
        }

        @Override
        public void flush(Device disk, ShutdownMethod.Command<?> command) throws IOException {
            ask(() -> {
                flushes.flush(disk, claimed, answerLimit(), () -> {
                    // Renewed, because the flush of another device may have been awaited before.
                    permit.command(answerLimit());
                    return command.send();
                });
                return disk;
            });
        }

        @Override
        public void refuseUnlessReleased(Target present) throws NotReleasedException {
            Optional<Reason> reason = phaseRule.apply(present);
            if (reason.isPresent()) {
                throw new NotReleasedException(
                        reason.get() instanceof Reason.NotReleased why
                                ? why.what()
                                : present.device().name());
            }
        }

        @Override
        public void found(Target target) {
            present = target;
        }

        @Override
        public void join() throws GivenUpException {
            permit.join();
        }

        @Override
        public void complete() throws GivenUpException {
            if (!isWanted.getAsBoolean()) {
                throw new GivenUpException();
            }
        }

        @Override
        public void stopping() {
            mailbox.accept(new Signal.Stopping(index, clock.getAsLong()));
        }

        @Override
        public void act() throws GivenUpException {
            act(Optional.empty());
        }

        @Override
        public void act(Duration patience) throws GivenUpException {
            act(Optional.of(patience));
        }

        private void act(Optional<Duration> patience) throws GivenUpException {
            if (permit.use()) {
                Removal removal = new Removal(handled.method(), present, verb);
                mailbox.accept(new Signal.Acting(index, clock.getAsLong(), removal, patience));
            }
        }
    }

    /** Returns the time limits of the device, until its method changes them. */
    Flights.Allowance allowance() {
        Duration own = handled.method().patience();
        return new Flights.Allowance(configured().orElse(own), own, configured().isPresent());
    }

    private Optional<Duration> configured() {
        return handled.target().settings().timeout().flatMap(timeout -> timeout.limit());
    }
}
