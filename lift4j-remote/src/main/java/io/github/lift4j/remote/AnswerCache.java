package io.github.lift4j.remote;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.task.Author;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers already paid for: a file each, named by the hash of everything that was asked.
 *
 * @param folder where they lie, made with the first; empty keeps none
 */
record AnswerCache(Optional<Path> folder) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static final AnswerCache NONE = new AnswerCache(Optional.empty());

    /** The question is kept beside its answer so that a person can read what the file is. */
    private record Kept(
            String model,
            @Nullable String version,
            List<Message> messages,
            String answer,
            int promptTokens,
            int answerTokens) {}

    /** What is hashed: two requests with the same have the same answer. */
    private record Asked(String baseUrl, String model, Optional<JsonSchema> schema, Author.Prompt prompt) {

        /** Each part with its length, so that no two requests run together into one text. */
        String spelled() {
            StringBuilder text = new StringBuilder();
            add(text, baseUrl);
            add(text, model);
            prompt.messages().forEach(message -> {
                add(text, message.role());
                add(text, message.content());
            });
            add(text, prompt.temperature() + " " + prompt.mostTokens() + " " + prompt.seed());
            schema.ifPresent(wanted -> {
                add(text, wanted.name());
                add(text, wanted.schema());
            });
            return text.toString();
        }

        private static void add(StringBuilder text, String part) {
            text.append(part.length()).append(':').append(part).append('\n');
        }
    }

    static String key(String baseUrl, String model, Optional<JsonSchema> schema, Author.Prompt prompt) {
        return sha256(new Asked(baseUrl, model, schema, prompt).spelled().getBytes(StandardCharsets.UTF_8));
    }

    Optional<Reply> find(String key) {
        return folder.flatMap(in -> read(in.resolve(key + ".json")));
    }

    void keep(String key, String model, Author.Prompt prompt, Reply reply) {
        if (folder.isEmpty()) {
            return;
        }
        Kept kept = new Kept(
                model, reply.version(), prompt.messages(), reply.text(), reply.promptTokens(), reply.answerTokens());
        AtomicFile.write(folder.get().resolve(key + ".json"), out -> JSON.writeValue(out, kept));
    }

    private static Optional<Reply> read(Path file) {
        try {
            Kept kept = JSON.readValue(Files.readAllBytes(file), Kept.class);
            return Optional.of(new Reply(
                    kept.answer(),
                    Objects.requireNonNullElse(kept.version(), ""),
                    kept.promptTokens(),
                    kept.answerTokens()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException e) {
            throw new LiftException(
                    "The kept answer " + file + " is damaged: delete the file, and it will be asked again.", e);
        } catch (IOException e) {
            throw new LiftException(
                    "The kept answer " + file + " cannot be read: check the disk and the permissions.", e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
