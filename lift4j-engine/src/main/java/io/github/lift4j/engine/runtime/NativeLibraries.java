package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * The shared libraries that one jar on the class path carries in one folder, such as
 * {@code org/bytedeco/pytorch/linux-x86_64/}, and how they come out of it.
 *
 * <p>JavaCPP unpacks a library when it is about to load it, writing it in place. A process killed at that moment leaves
 * a truncated file; and though JavaCPP would replace that file, the dynamic linker maps it before: {@code libtorch.so}
 * is loaded first and pulls in the half of {@code libtorch_cpu.so} that lies beside it, and the JVM dies of SIGBUS, on
 * this start and on every later one. So all libraries are unpacked here, before the first is loaded, to the places
 * where JavaCPP looks for them: each under another name, verified against the jar's checksum, flushed to the disk and
 * renamed. JavaCPP finds a file of the size and time that it expects and leaves it alone. A truncated library that
 * someone else's JavaCPP has left is replaced by the same means.
 *
 * @param jar the open jar; the class loader owns it
 * @param jarName the jar's file name; JavaCPP makes it a folder of the cache
 * @param folder the entries' folder within the jar, without a slash at the end
 * @param entries the libraries directly in that folder
 */
record NativeLibraries(JarFile jar, String jarName, String folder, List<JarEntry> entries) {

    private static final Pattern LIBRARY = Pattern.compile("lib.+\\.so(\\.\\d+)*|.+\\.dylib|.+\\.dll");
    private static final String CUDA = "-gpu";

    /**
     * Finds what libtorch needs on this platform.
     *
     * @return empty where the class path holds the libraries as plain files, which are loaded where they lie
     * @throws LiftException naming the dependency to add, if a part is missing
     */
    static List<NativeLibraries> onClassPath() {
        String platform = Loader.getPlatform();
        List<NativeLibraries> found = new ArrayList<>();
        boolean cuda = isOnClassPath("pytorch", platform + CUDA, "jnitorch");
        String torchPlatform = cuda ? platform + CUDA : platform;
        require("pytorch", torchPlatform, "jnitorch", found);
        require("openblas", platform, "jniopenblas", found);
        require("javacpp", platform, "jnijavacpp", found);
        if (cuda) {
            addAll("cuda", platform, found);
        }
        // MKL is half a gigabyte more, and is only loaded where someone asks for it.
        if (System.getProperty("org.bytedeco.openblas.load", "").contains("mkl")) {
            addAll("mkl", platform, found);
        }
        return List.copyOf(found);
    }

    private static boolean isOnClassPath(String artifact, String platform, String library) {
        return resources("/org/bytedeco/%s/%s/%s".formatted(artifact, platform, System.mapLibraryName(library))).length
                > 0;
    }

    private static void require(String artifact, String platform, String library, List<NativeLibraries> found) {
        String folder = "org/bytedeco/%s/%s".formatted(artifact, platform);
        URL[] urls = resources("/" + folder + "/" + System.mapLibraryName(library));
        if (urls.length == 0) {
            throw missing(artifact, platform);
        }
        add(urls[0], folder, found);
    }

    private static void addAll(String artifact, String platform, List<NativeLibraries> found) {
        String folder = "org/bytedeco/%s/%s".formatted(artifact, platform);
        for (URL url : resources("/" + folder + "/")) {
            add(url, folder, found);
        }
    }

    private static URL[] resources(String name) {
        try {
            return Loader.findResources(torch.class, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(URL url, String folder, List<NativeLibraries> found) {
        try {
            URLConnection connection = url.openConnection();
            if (connection instanceof JarURLConnection inJar) {
                JarFile jar = inJar.getJarFile();
                found.add(new NativeLibraries(jar, new File(jar.getName()).getName(), folder, libraries(jar, folder)));
            }
        } catch (IOException e) {
            throw new LiftException(
                    "%s could not be read (%s): remove that jar and download it again.".formatted(url, e.getMessage()),
                    e);
        }
    }

    private static List<JarEntry> libraries(JarFile jar, String folder) {
        int start = folder.length() + 1;
        return jar.stream()
                .filter(entry -> entry.getName().startsWith(folder + "/"))
                .filter(entry ->
                        LIBRARY.matcher(entry.getName().substring(start)).matches())
                .filter(entry -> entry.getName().indexOf('/', start) < 0)
                .toList();
    }

    private static LiftException missing(String artifact, String platform) {
        boolean published = List.of("linux-x86_64", "macosx-arm64", "macosx-x86_64", "windows-x86_64")
                .contains(Loader.getPlatform());
        if (!published) {
            return new LiftException("There is no libtorch of this version for " + Loader.getPlatform()
                    + ": lift4j runs on linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64.");
        }
        return new LiftException(
                "The native libraries of %s for %s are not on the class path: add the dependency org.bytedeco:%s:%s with classifier %s%s."
                        .formatted(
                                artifact,
                                platform,
                                artifact,
                                version(artifact),
                                platform,
                                artifact.equals("pytorch")
                                        ? " (or " + Loader.getPlatform() + CUDA + " for NVIDIA GPUs), excluding its"
                                                + " org.bytedeco:openblas"
                                        : ""));
    }

    private static String version(String artifact) {
        try {
            String version = Loader.getVersion("org.bytedeco", artifact, torch.class);
            return version == null ? "(the version of " + artifact + ".jar)" : version;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean forCuda() {
        return folder.endsWith(CUDA);
    }

    static long totalBytes(List<NativeLibraries> natives) {
        return natives.stream()
                .flatMap(libraries -> libraries.entries().stream())
                .mapToLong(JarEntry::getSize)
                .sum();
    }

    /**
     * Unpacks what is not there yet. One process does it at a time; the others wait, and find it done.
     *
     * @param cache JavaCPP's cache folder
     */
    static void unpack(List<NativeLibraries> natives, Path cache) throws IOException {
        if (natives.stream().allMatch(libraries -> libraries.areIn(cache))) {
            return;
        }
        // The lock that JavaCPP itself takes in this folder: in the process this monitor, between processes the file.
        synchronized (Runtime.getRuntime()) {
            try (FileChannel channel = FileChannel.open(
                            cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                for (NativeLibraries libraries : natives) {
                    libraries.unpackInto(cache);
                }
            }
        }
    }

    private boolean areIn(Path cache) {
        return entries.stream().allMatch(entry -> isWhole(cache, entry));
    }

    private void unpackInto(Path cache) throws IOException {
        for (JarEntry entry : entries) {
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
            if (!isWhole(cache, entry)) {
                unpack(entry, place(cache, entry));
            }
        }
    }

    /** Whether JavaCPP would take the file as it is: a plain file of the entry's size and time. */
    private boolean isWhole(Path cache, JarEntry entry) {
        try {
            BasicFileAttributes file =
                    Files.readAttributes(place(cache, entry), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return file.isRegularFile()
                    && file.size() == entry.getSize()
                    && file.lastModifiedTime().toMillis() == entry.getTime();
        } catch (IOException absent) {
            return false;
        }
    }

    private Path place(Path cache, JarEntry entry) {
        return cache.resolve(jarName).resolve(entry.getName());
    }

    private void unpack(JarEntry entry, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        // The lock is ours, so a file of this name is what a killed process has left.
        Path partial = target.resolveSibling(target.getFileName() + ".unpacking");
        try {
            copyVerified(entry, partial);
            Files.setLastModifiedTime(partial, FileTime.fromMillis(entry.getTime()));
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void copyVerified(JarEntry entry, Path partial) throws IOException {
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(jar.getInputStream(entry), checksum);
                FileOutputStream out = new FileOutputStream(partial.toFile())) {
            byte[] buffer = new byte[1 << 17];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
            out.getFD().sync();
        }
        if (checksum.getValue() != entry.getCrc()) {
            throw new LiftException("%s is damaged (at %s): delete it and download it again."
                    .formatted(jar.getName(), entry.getName()));
        }
    }
}
