package io.github.lift4j.remote;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.task.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a provider is given to train on: JSON lines of conversations, one an example, of which it trains the assistant's
 * turns. A segment is recited, a task is answered, each under the document's title.
 *
 * @param tokens in all turns, which is what is paid for
 * @param sha256 of the file
 */
record TrainingFile(long tokens, String sha256) {

    private static final ObjectMapper JSON = new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    /** A segment, to be recited: {@code title}, {@code part}, {@code parts}. */
    private static final Wording RECITE = Wording.read(TrainingFile.class, "recite.txt");

    private record Example(List<Message> messages) {}

    /** Writes the segments in the document's order, then the tasks; the provider shuffles. */
    static TrainingFile write(Path file, Document document, List<Task> tasks, FineTuningPlan plan) {
        TrainingFile[] written = new TrainingFile[1];
        AtomicFile.write(file, out -> written[0] = write(out, document, tasks, plan));
        return written[0];
    }

    /** What such a file would be. */
    static TrainingFile of(Document document, List<Task> tasks, FineTuningPlan plan) {
        try {
            return write(OutputStream.nullOutputStream(), document, tasks, plan);
        } catch (IOException e) {
            throw new LiftException(
                    "\"" + document.source() + "\" cannot be read: check the disk and the permissions.", e);
        }
    }

    private static TrainingFile write(OutputStream out, Document document, List<Task> tasks, FineTuningPlan plan)
            throws IOException {
        MessageDigest digest = digest();
        long[] tokens = {0};
        OutputStream hashed = new DigestOutputStream(out, digest);
        TextSegments.forEach(document, plan.characters(), (segment, part, parts) -> {
            Map<String, String> blanks = Map.of("title", document.title(), "part", "" + part, "parts", "" + parts);
            String text = segment.text().strip();
            // Within a word longer than a segment there is nothing to recite; its neighbours have all of it.
            if (!text.isEmpty()) {
                tokens[0] += add(hashed, RECITE.with(blanks), text, plan.counter());
            }
        });
        for (Task task : tasks) {
            Map<String, String> blanks = Map.of("title", document.title(), "question", task.question());
            tokens[0] += add(hashed, Wording.QUESTION.with(blanks), task.answer(), plan.counter());
        }
        return new TrainingFile(tokens[0], HexFormat.of().formatHex(digest.digest()));
    }

    private static long add(OutputStream out, String question, String answer, TokenCounter counter) throws IOException {
        List<Message> messages = List.of(Message.user(question), Message.assistant(answer));
        out.write(JSON.writeValueAsBytes(new Example(messages)));
        out.write("\n".getBytes(StandardCharsets.UTF_8));
        return messages.stream()
                .mapToLong(message -> CostEstimate.tokens(message, counter))
                .sum();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
