// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The guest's root file system, kernel and initramfs. They are built once and kept in the user's cache, under a name
 * derived from the sources of the build.
 *
 * @param directory the directory of the files
 */
public record GuestImage(Path directory) {
    private static final Path SOURCES = Path.of("src/vm/guest");

    private static final Path SELINUX_SOURCES = Path.of("src/vm/selinux");

    /**
     * Returns the image of a Debian suite with its own kernel. Builds it first if it is not in the cache, which takes
     * some minutes.
     *
     * @throws IOException if the build fails
     */
    public static GuestImage of(String suite) throws IOException, InterruptedException {
        return of(suite, Optional.empty());
    }

    /**
     * Returns the image of a Debian suite likewise, with another kernel.
     *
     * @param kernel the directory of the kernel's packages; if empty, the suite's own kernel
     * @throws IOException if the build fails
     */
    static GuestImage of(String suite, Optional<Path> kernel) throws IOException, InterruptedException {
        String name = "guest-" + suite + "-" + key(SOURCES);
        if (kernel.isEmpty()) {
            return build(name, SOURCES, "Debian " + suite, suite);
        }
        Path packages = kernel.get().toAbsolutePath();
        return build(
                name + "-" + key(packages),
                SOURCES,
                "Debian " + suite + " with " + packages,
                suite,
                packages.toString());
    }

    /**
     * Returns the image of a Debian suite whose SELinux policy is enforced. Makes it first, from the image without
     * SELinux, if it is not in the cache.
     *
     * @throws IOException if it cannot be created
     */
    static GuestImage enforcing(String suite) throws IOException, InterruptedException {
        Path base = of(suite, Asked.KERNEL).directory();
        String name = base.getFileName() + "-selinux-" + key(SELINUX_SOURCES);
        return build(name, SELINUX_SOURCES, "Debian " + suite + " with SELinux", base.toString());
    }

    /**
     * @param from the first argument of the script
     * @param more the arguments after the directory
     */
    private static GuestImage build(String name, Path sources, String what, String from, String... more)
            throws IOException, InterruptedException {
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("quiesced");
        Path directory = cache.resolve(name);
        Files.createDirectories(cache);
        try (FileChannel file =
                        FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (lock.isValid() && !Files.exists(directory.resolve("root.img"))) {
                System.out.println("Building the guest, " + what + ", once; this takes two to five minutes ...");
                Files.createDirectories(directory);
                List<String> command =
                        new ArrayList<>(List.of(sources.resolve("build-image").toString(), from, directory.toString()));
                command.addAll(List.of(more));
                Commands.run(directory.resolve("build.log"), command);
            }
        }
        return new GuestImage(directory);
    }

    private static String key(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.filter(Files::isRegularFile).sorted().forEach(file -> {
                digest.update(file.toString().getBytes());
                try {
                    digest.update(Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Path root() {
        return directory.resolve("root.img");
    }

    Path kernel() {
        return directory.resolve("vmlinuz");
    }

    Path initrd() {
        return directory.resolve("initrd.img");
    }

    /** Returns the additional parameters of its kernel. */
    List<String> kernelParameters() throws IOException {
        Path file = directory.resolve("kernel-parameters");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /**
     * Returns whether the guest's kernel has a module, loadable or built in, by {@code modules.dep} and
     * {@code modules.builtin} in the root file system.
     */
    boolean hasModule(String name) throws IOException, InterruptedException {
        for (String list : List.of("modules.dep", "modules.builtin")) {
            Path copy = Files.createTempFile("quiesced-", list);
            try {
                String file = "/usr/lib/modules/" + kernelRelease() + "/" + list;
                Commands.run(
                        copy.resolveSibling(copy.getFileName() + ".log"),
                        List.of("debugfs", "-R", "dump " + file + " " + copy, root().toString()));
                String pattern = "(.*/)?" + name.replace("_", "[-_]") + "\\.ko(\\..z|\\.zst)?(:.*)?";
                if (Files.readAllLines(copy).stream().anyMatch(line -> line.matches(pattern))) {
                    return true;
                }
            } finally {
                Files.delete(copy);
            }
        }
        return false;
    }

    /** Returns the release of the guest's kernel. */
    public String kernelRelease() throws IOException {
        return Files.readString(directory.resolve("kernel-version")).strip();
    }
}
