// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One boot, as the guest's console and QEMU's trace show it.
 *
 * @param log the kernel's log as the console showed it; times are in seconds since the start of the guest's kernel
 * @param notifications the times at which drives received CC.SHN, by QEMU's trace, in seconds of the host's clock
 * @param flushes the numbers of the NVMe namespaces that were flushed, in order, by the same trace
 * @param ataCommands the commands that SATA disks received, in order, by the same trace
 */
public record Boot(List<Line> log, List<Double> notifications, List<Integer> flushes, List<AtaCommand> ataCommands) {
    /**
     * A command to a SATA disk.
     *
     * @param disk QEMU's address of the disk, equal for all commands to the same disk
     * @param code the command's number, in hexadecimal digits
     */
    public record AtaCommand(String disk, String code) {}

    /** A line of the kernel's log. */
    public record Line(double at, String text) {}

    /** A period with its begin and its end, in seconds. */
    public record Span(double from, double to) {
        /** Returns its duration, in seconds. */
        public double length() {
            return to - from;
        }

        /** Returns whether this and the other period overlap. */
        public boolean overlaps(Span other) {
            return from < other.to && other.from < to;
        }
    }

    /**
     * Line of the kernel's log. In the same line of the console it may follow an escape sequence, or the beginning of a
     * program's line, which the kernel interrupts.
     */
    private static final Pattern KERNEL_LINE = Pattern.compile(".*?\\[ *(\\d+\\.\\d{6})\\] (.*)");

    private static final Pattern ATA_TRACE =
            Pattern.compile(".*:ide_(?:bus_)?exec_cmd .*state (0x\\p{XDigit}+); cmd 0x(\\p{XDigit}+).*");

    private static final Pattern TRACE = Pattern.compile("\\d+@(\\d+\\.\\d+):pci_nvme_mmio_shutdown_set.*");

    private static final Pattern FLUSH_TRACE = Pattern.compile(".*:pci_nvme_flush_ns nsid (0x)?(\\p{XDigit}+).*");

    private static final int LAST = 15;

    static Boot of(List<String> console, List<String> trace) {
        List<Line> log = new ArrayList<>();
        for (String line : console) {
            Matcher matcher = KERNEL_LINE.matcher(line.strip());
            if (matcher.matches()) {
                log.add(new Line(Double.parseDouble(matcher.group(1)), matcher.group(2)));
            }
        }
        List<Double> notifications = new ArrayList<>();
        List<Integer> flushes = new ArrayList<>();
        List<AtaCommand> ataCommands = new ArrayList<>();
        for (String line : trace) {
            Matcher matcher = TRACE.matcher(line);
            Matcher ataMatcher = ATA_TRACE.matcher(line);
            Matcher flush = FLUSH_TRACE.matcher(line);
            if (matcher.matches()) {
                notifications.add(Double.parseDouble(matcher.group(1)));
            } else if (flush.matches()) {
                flushes.add(Integer.parseInt(flush.group(2), 16));
            } else if (ataMatcher.matches()) {
                ataCommands.add(new AtaCommand(ataMatcher.group(1), ataMatcher.group(2)));
            }
        }
        return new Boot(List.copyOf(log), List.copyOf(notifications), List.copyOf(flushes), List.copyOf(ataCommands));
    }

    /** Returns the first match of a pattern in each line that has one. */
    public List<Matcher> find(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return log.stream()
                .map(line -> compiled.matcher(line.text()))
                .filter(Matcher::find)
                .toList();
    }

    /** Returns whether some line has a match of the pattern. */
    public boolean says(String pattern) {
        return !find(pattern).isEmpty();
    }

    /**
     * Returns the last 15 lines by quiesced, the scenario and {@code slow_nvme}, with their times, for the message of a
     * failed assertion.
     */
    public String lastWords() {
        List<Line> words = log.stream()
                .filter(line -> line.text().matches("(quiesced|scenario|slow_nvme).*"))
                .toList();
        return words.stream()
                .skip(Math.max(0, words.size() - LAST))
                .map(line -> String.format(Locale.ROOT, "[%.3f] %s", line.at(), line.text()))
                .collect(Collectors.joining("\n"));
    }

    /** Returns when the first line with a match of the pattern was logged. */
    public OptionalDouble when(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return log.stream()
                .filter(line -> compiled.matcher(line.text()).find())
                .mapToDouble(Line::at)
                .findFirst();
    }

    /** Returns the seconds from the first line with a match of a pattern to the restart of the machine. */
    public double toRestartFrom(String pattern) {
        return when("reboot: Restarting system").orElseThrow() - when(pattern).orElseThrow();
    }

    /** Returns when the last line with a match of the pattern was logged. */
    public OptionalDouble last(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return log.stream()
                .filter(line -> compiled.matcher(line.text()).find())
                .mapToDouble(Line::at)
                .reduce((earlier, later) -> later);
    }

    /** Returns this boot until the first line with a match of the pattern, without that line. */
    public Boot until(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new Boot(
                log.stream()
                        .takeWhile(line -> !compiled.matcher(line.text()).find())
                        .toList(),
                notifications,
                flushes,
                ataCommands);
    }

    /**
     * Returns this boot from the first line with a match of the pattern on, for a guest that starts another kernel by
     * kexec. Notifications, flushes and commands to SATA disks are not divided: both parts have all of them.
     */
    public Boot since(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new Boot(
                log.stream()
                        .dropWhile(line -> !compiled.matcher(line.text()).find())
                        .toList(),
                notifications,
                flushes,
                ataCommands);
    }

    /**
     * Returns the shutdown of each drive on PCI, by its address, from its notification to its completion; in the order
     * of the notifications.
     */
    public Map<String, Span> nvmeShutdowns() {
        return spans("slow_nvme: (\\S+) notified", "slow_nvme: (\\S+) complete");
    }

    /**
     * Returns periods by name, each from the line that reports its begin to the line that reports its end. The end is
     * NaN if no line reports it.
     *
     * @param begin a pattern whose first group is the name of what begins
     * @param end a pattern whose first group is the name of what ends
     */
    public Map<String, Span> spans(String begin, String end) {
        Pattern begins = Pattern.compile(begin);
        Pattern ends = Pattern.compile(end);
        Map<String, Double> open = new LinkedHashMap<>();
        Map<String, Span> spans = new LinkedHashMap<>();
        for (Line line : log) {
            Matcher beginning = begins.matcher(line.text());
            Matcher ending = ends.matcher(line.text());
            if (beginning.find()) {
                open.put(beginning.group(1), line.at());
                spans.put(beginning.group(1), new Span(line.at(), Double.NaN));
            } else if (ending.find()) {
                Optional.ofNullable(open.get(ending.group(1)))
                        .ifPresent(from -> spans.put(ending.group(1), new Span(from, line.at())));
            }
        }
        return spans;
    }

    /** Returns the time from the first begin to the last end, in seconds. */
    public static double total(Map<String, Span> spans) {
        double first = spans.values().stream().mapToDouble(Span::from).min().orElseThrow();
        return spans.values().stream().mapToDouble(Span::to).max().orElseThrow() - first;
    }

    /** Returns the duration of the longest period, in seconds. */
    public static double longest(Map<String, Span> spans) {
        return spans.values().stream().mapToDouble(Span::length).max().orElseThrow();
    }

    /** Returns the devices of a driver that the kernel's own walk shut down, as {@code initcall_debug} logs them. */
    public List<String> walkedBy(String driver) {
        return find("^" + Pattern.quote(driver) + " (\\S+): shutdown$").stream()
                .map(matcher -> matcher.group(1))
                .toList();
    }
}
