package io.github.lift4j.task;

import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.training.SoftTargets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tasks of one run, made as they are needed and kept in a file with their teachers' distributions, so that nothing is
 * asked again after a kill and the teacher is not needed while training. Only the places of the units are in memory.
 *
 * <p>The file is a row of records: length in bytes, unit, its tasks. What a kill left of the last one is cut off. Belongs
 * to one thread at a time; close it.
 */
public final class TaskJournal implements AutoCloseable {

    private static final int HEADER = 2 * Integer.BYTES;

    private final Path file;
    private final TaskSource source;
    private final List<Integer> order;
    private final int ahead;
    private final FileChannel channel;
    private final Map<Integer, Long> places = new HashMap<>();
    private int found;
    private int next;
    private long nanosMaking;

    private TaskJournal(Path file, TaskSource source, List<Integer> order, int ahead, FileChannel channel) {
        this.file = file;
        this.source = source;
        this.order = order;
        this.ahead = ahead;
        this.channel = channel;
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
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            TaskJournal journal = new TaskJournal(file, source, order, ahead, channel);
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

    /** All units. */
    public int units() {
        return order.size();
    }

    /** Tasks a unit gives at most. */
    public int tasksPerUnit() {
        return source.tasksPerUnit();
    }

    /** The tasks of a unit, made now if they have not been. */
    public List<PreparedTask> tasks(int unit) {
        while (!places.containsKey(unit)) {
            makeNext();
        }
        try {
            long place = places.getOrDefault(unit, 0L);
            return decode(read(place + HEADER, header(place).getInt(0)));
        } catch (IOException e) {
            throw failed(file, e);
        }
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
                append(units.get(i), encode(made.get(i)));
            }
            channel.force(false);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private void append(int unit, byte[] tasks) throws IOException {
        long place = channel.size();
        ByteBuffer record = ByteBuffer.allocate(HEADER + tasks.length);
        record.putInt(tasks.length).putInt(unit).put(tasks).flip();
        for (long at = place; record.hasRemaining(); ) {
            at += channel.write(record, at);
        }
        places.put(unit, place);
    }

    private void readBack() throws IOException {
        long place = 0;
        while (place + HEADER <= channel.size()) {
            ByteBuffer header = header(place);
            int length = header.getInt(0);
            if (length < 0 || place + HEADER + length > channel.size()) {
                break;
            }
            source.remember(decode(read(place + HEADER, length)).stream()
                    .map(PreparedTask::task)
                    .toList());
            places.put(header.getInt(Integer.BYTES), place);
            place += HEADER + length;
        }
        channel.truncate(place);
        found = places.size();
    }

    private ByteBuffer header(long place) throws IOException {
        return ByteBuffer.wrap(read(place, HEADER));
    }

    private byte[] read(long place, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, place + bytes.position()) < 0) {
                throw new IOException("it ends too early");
            }
        }
        return bytes.array();
    }

    private static byte[] encode(List<PreparedTask> tasks) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(tasks.size());
        for (PreparedTask prepared : tasks) {
            Task task = prepared.task();
            for (String text : List.of(task.question(), task.answer(), task.source())) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            }
            out.writeLong(task.span().start());
            out.writeLong(task.span().end());
            writeInts(out, prepared.answer());
            out.writeInt(prepared.teacher().map(SoftTargets::width).orElse(0));
            if (prepared.teacher().isPresent()) {
                writeInts(out, prepared.teacher().get().ids());
                for (float probability : prepared.teacher().get().probabilities()) {
                    out.writeFloat(probability);
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void writeInts(DataOutputStream out, int[] values) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    private static List<PreparedTask> decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int count = in.readInt();
        List<PreparedTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String question = readText(in);
            String answer = readText(in);
            String source = readText(in);
            Task task = new Task(question, answer, new Span(in.readLong(), in.readLong()), source);
            tasks.add(new PreparedTask(task, readInts(in), readTeacher(in)));
        }
        return tasks;
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static int[] readInts(DataInputStream in) throws IOException {
        int[] values = new int[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    private static Optional<SoftTargets> readTeacher(DataInputStream in) throws IOException {
        int width = in.readInt();
        if (width == 0) {
            return Optional.empty();
        }
        int[] ids = readInts(in);
        float[] probabilities = new float[ids.length];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = in.readFloat();
        }
        return Optional.of(new SoftTargets(width, ids, probabilities));
    }

    private static LiftException failed(Path file, IOException e) {
        return new LiftException(
                "The tasks in " + file + " cannot be read or written (" + e.getMessage()
                        + "): is the disk full, or the folder read-only? What was made before is still there.",
                e);
    }

    @Override
    public void close() {
        source.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }
}
