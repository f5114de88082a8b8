// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.DriverBinding;

/** Only drive types have names of drivers in strings. */
class DriverNamesTest {
    private static final Path MAIN = Path.of("src/main/java/org/quiesced");

    /** A file whose class is a drive type, or a part of one. */
    private static final Pattern DRIVE_TYPE =
            Pattern.compile("class \\w+ [^{]*implements [^{]*(DriveType|ShutdownMethod|DriveQuery)");

    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern COMMENT = Pattern.compile("^\\s*(//|/?\\*).*");

    /** Reasons why files may name drivers, by the beginnings of their paths. */
    private static final Map<String, String> ALLOWED = new LinkedHashMap<>();

    static {
        ALLOWED.put("method/NvmeLimits", "the parameters of the module of NVMe drives, for their method");
        ALLOWED.put("device/NvmeMultipath", "names that the NVMe core gives to disks of all its transports");
        ALLOWED.put("device/Storage", "optical drives have a disk, and are of no drive type");
        ALLOWED.put("kernel/linux/SysfsTree", "classes that the SCSI layer makes for all devices on its bus");
        ALLOWED.put("kernel/linux/ScsiNode", "the node of a SCSI device for commands, by its class");
        ALLOWED.put(
                "kernel/WalkMode", "buses whose devices the kernel's series marks, a rule of the kernel's own walk");
        ALLOWED.put("history/WalkLines", "what the driver of SCSI disks writes to the kernel's log in that walk");
        ALLOWED.put("kernel/NvmeRegisters", "the driver that gives registers away by ioctl(2), a kernel interface");
        ALLOWED.put("kernel/Attributes", "the owner that nvme-cli's registry has for a controller");
        ALLOWED.put("kernel/linux/NvmeRegistry", "the place of that registry");
        ALLOWED.put("kernel/linux/FabricsControllers", "where sysfs has controllers that are on no bus");
        ALLOWED.put("linux/Nvme", "the names of structures of the kernel's NVMe interface");
        ALLOWED.put("kernel/simulated/", "the model of what the drivers do");
        ALLOWED.put("warmup/", "samples that the warm-up reads: a mount, an export, a disk of no drive type");
        ALLOWED.put("cli/SimulateCommand", "the names of built-in machines");
    }

    /**
     * Returns the drivers of the supported types, and other storage drivers that code might name; without the word for
     * no driver, which is a common word.
     */
    private static Set<String> drivers() {
        return Stream.concat(
                        DriveTypes.SUPPORTED.all().stream()
                                .map(type -> type.binding().driver())
                                .filter(driver -> !driver.equals(DriverBinding.NONE)),
                        Stream.of("scsi", "sr", "ata", "ahci", "ufshcd", "mmc", "virtio", "virtio_blk"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns whether a string contains the name of a driver, also within another: {@code nvme0n1}, {@code scsi_disk}.
     */
    private static boolean namesDriver(String text) {
        return drivers().stream()
                .anyMatch(name -> Pattern.compile("(?<![A-Za-z])" + Pattern.quote(name) + "(?![A-Za-z])")
                        .matcher(text)
                        .find());
    }

    private static List<String> stringsThatNameDrivers(List<String> code) {
        List<String> found = new ArrayList<>();
        for (String line : code) {
            Matcher string = STRING.matcher(line);
            while (!COMMENT.matcher(line).matches() && string.find()) {
                if (namesDriver(string.group(1))) {
                    found.add(string.group());
                }
            }
        }
        return found;
    }

    /** Returns the strings that name a driver, by their file below {@link #MAIN}; without those of drive types. */
    private static Map<String, List<String>> filesThatNameDrivers() throws IOException {
        Map<String, List<String>> found = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                String name = MAIN.relativize(file).toString();
                String code = Files.readString(file);
                boolean isDriveType =
                        name.startsWith("method/") && DRIVE_TYPE.matcher(code).find();
                List<String> strings = stringsThatNameDrivers(code.lines().toList());
                if (!isDriveType && !strings.isEmpty()) {
                    found.put(name, strings);
                }
            }
        }
        return found;
    }

    @Test
    void onlyTheListedFilesNameADriver() throws IOException {
        Map<String, List<String>> others = filesThatNameDrivers();
        others.keySet().removeIf(file -> ALLOWED.keySet().stream().anyMatch(file::startsWith));

        assertThat(others).isEmpty();
    }

    @Test
    void eachListedFileNamesADriver() throws IOException {
        Set<String> files = filesThatNameDrivers().keySet();

        assertThat(ALLOWED.keySet()).allMatch(allowed -> files.stream().anyMatch(file -> file.startsWith(allowed)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new Device(path, \"scsi\", true, Optional.of(other), Map.of())",
                "name.startsWith(\"nvme0n\")",
                "Set.of(\"block\", \"scsi_disk\")",
                "device.isBoundTo(BUS, \"sr\")",
                "path + \"/block/sd\" + letter"
            })
    void driverNameInAStringIsFound(String code) {
        assertThat(stringsThatNameDrivers(List.of("        " + code + ";"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"data\"", "\"nvmet\"", "// as \"sd\" does", " * of \"nvme\" drives", "nvme = \"block\""})
    void otherTextIsNotTakenForADriverName(String code) {
        assertThat(stringsThatNameDrivers(List.of("        " + code))).isEmpty();
    }
}
