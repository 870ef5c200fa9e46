package io.github.lift4j.task;

import io.github.lift4j.document.Span;
import io.github.lift4j.engine.training.SoftTargets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tasks with their teachers' distributions as bytes; the numbers are as they were, to the last bit. */
final class PreparedTaskCodec {

    private PreparedTaskCodec() {}

    static byte[] encode(List<PreparedTask> tasks) throws IOException {
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

    static List<PreparedTask> decode(byte[] bytes) throws IOException {
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
}
