package io.github.lift4j.task;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one run, made as they are needed and kept in a file with their teachers' distributions, so that nothing is
 * asked again after a kill and the teacher is not needed while training. Only the places of the units are in memory.
 *
 * <p>The file is a row of records: length in bytes, unit, its tasks. What a kill left of the last one is cut off. Belongs
 * to one thread at a time, for which another may make the tasks in front ({@link #runAhead}); close it.
 */
public final class TaskJournal implements AutoCloseable {

    private static final int HEADER = 2 * Integer.BYTES;

    private final Path file;
    private final TaskSource source;
    private final List<Integer> order;
    private final int ahead;
    /** No channel: an interrupt would close it under both threads. */
    private final RandomAccessFile records;

    private final Map<Integer, Long> places = new ConcurrentHashMap<>();
    private int found;
    private int next;
    private volatile long nanosMaking;
    private long nanosWaited;
    private @Nullable Thread maker;
    private @Nullable RuntimeException failure;

    private TaskJournal(Path file, TaskSource source, List<Integer> order, int ahead, RandomAccessFile records) {
        this.file = file;
        this.source = source;
        this.order = order;
        this.ahead = ahead;
        this.records = records;
    }

    /**
     * Opens a journal, going on with what it holds already. It owns the source from now on.
     *
     * @param order all units, in the order in which they are made
     * @param ahead how many units are made together, at least 1
     * @throws LiftException where the file cannot be read or written
     */
    public static TaskJournal open(Path file, TaskSource source, List<Integer> order, int ahead) {
        try {
            RandomAccessFile records = new RandomAccessFile(file.toFile(), "rw");
            TaskJournal journal = new TaskJournal(file, source, order, ahead, records);
            journal.readBack();
            return journal;
        } catch (IOException e) {
            source.close();
            throw failed(file, e);
        }
    }

    /** What making the units that are not made yet takes at most. */
    public Effort effort() {
        return source.effort(
                order.stream().filter(unit -> !places.containsKey(unit)).toList());
    }

    /** How long it takes to make what is left, going by what was made since this was opened; 0 before anything was. */
    public double secondsLeft() {
        int here = made() - found;
        return here == 0 ? 0 : secondsMaking() / here * (units() - made());
    }

    /** Units whose tasks have been made. */
    public int made() {
        return places.size();
    }

    /** How long making tasks has taken since this was opened. */
    public double secondsMaking() {
        return nanosMaking / 1e9;
    }

    /** For how much of that time who asked for tasks waited. */
    public double secondsWaited() {
        return nanosWaited / 1e9;
    }

    /** All units. */
    public int units() {
        return order.size();
    }

    /** Tasks a unit gives at most. */
    public int tasksPerUnit() {
        return source.tasksPerUnit();
    }

    /**
     * Makes what is not made yet on another thread from now on, in the same order; who asks for a unit waits for it. The
     * tasks are the same as without.
     */
    public void runAhead() {
        maker = Thread.ofPlatform().daemon().name("lift-tasks").start(() -> {
            try {
                while (made() < units() && !Thread.currentThread().isInterrupted()) {
                    makeNext();
                }
            } catch (RuntimeException e) {
                fail(e);
            } catch (Error e) {
                fail(new IllegalStateException("making tasks failed", e));
                throw e;
            }
        });
    }

    /**
     * The tasks of a unit, made now if they have not been.
     *
     * @throws CancellationException where the thread is interrupted meanwhile
     */
    public List<PreparedTask> tasks(int unit) {
        long started = System.nanoTime();
        if (maker != null) {
            awaitMade(unit);
        }
        while (!places.containsKey(unit)) {
            makeNext();
        }
        nanosWaited += System.nanoTime() - started;
        try {
            return PreparedTaskCodec.decode(recordAt(places.getOrDefault(unit, 0L)));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private synchronized void awaitMade(int unit) {
        try {
            while (!places.containsKey(unit)) {
                if (failure != null) {
                    throw failure;
                }
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for tasks");
        }
    }

    private synchronized void fail(RuntimeException cause) {
        failure = cause;
        notifyAll();
    }

    /** Everything that has been made, in the order of the units. */
    public List<Task> all() {
        return order.stream()
                .sorted()
                .filter(places::containsKey)
                .flatMap(unit -> tasks(unit).stream())
                .map(PreparedTask::task)
                .toList();
    }

    private void makeNext() {
        List<Integer> units = new ArrayList<>();
        while (units.size() < ahead && next < order.size()) {
            if (!places.containsKey(order.get(next))) {
                units.add(order.get(next));
            }
            next++;
        }
        long started = System.nanoTime();
        List<List<PreparedTask>> made = source.make(units);
        nanosMaking += System.nanoTime() - started;
        try {
            for (int i = 0; i < units.size(); i++) {
                append(units.get(i), PreparedTaskCodec.encode(made.get(i)));
            }
            records.getFD().sync();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private synchronized void append(int unit, byte[] tasks) throws IOException {
        long place = records.length();
        ByteBuffer record = ByteBuffer.allocate(HEADER + tasks.length);
        record.putInt(tasks.length).putInt(unit).put(tasks);
        records.seek(place);
        records.write(record.array());
        places.put(unit, place);
        notifyAll();
    }

    private synchronized byte[] recordAt(long place) throws IOException {
        records.seek(place);
        byte[] tasks = new byte[records.readInt()];
        records.seek(place + HEADER);
        records.readFully(tasks);
        return tasks;
    }

    private void readBack() throws IOException {
        long place = 0;
        while (place + HEADER <= records.length()) {
            records.seek(place);
            int length = records.readInt();
            int unit = records.readInt();
            if (length < 0 || place + HEADER + length > records.length()) {
                break;
            }
            source.remember(PreparedTaskCodec.decode(recordAt(place)).stream()
                    .map(PreparedTask::task)
                    .toList());
            places.put(unit, place);
            place += HEADER + length;
        }
        records.setLength(place);
        found = places.size();
    }

    private static LiftException failed(Path file, IOException e) {
        return new LiftException(
                "The tasks in " + file + " cannot be read or written (" + e.getMessage()
                        + "): is the disk full, or the folder read-only? What was made before is still there.",
                e);
    }

    @Override
    public void close() {
        stopMaker();
        source.close();
        try {
            records.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** What is being made is left: a resumed run makes it again. */
    private void stopMaker() {
        boolean interrupted = false;
        while (maker != null && maker.isAlive()) {
            maker.interrupt();
            try {
                maker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
