package io.github.lift4j.evaluation.judge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person decided about an answer. In a file, one JSON object a line:
 *
 * <pre>{"question":"Who built it?","reference":"Aske.","prediction":"A man called Aske","label":true}</pre>
 *
 * @param answer what was decided about
 * @param same whether it means the same as the right one
 */
public record HumanLabel(JudgedAnswer answer, boolean same) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private record Line(
            @JsonProperty("question") String question,
            @JsonProperty("reference") String reference,
            @JsonProperty("prediction") String prediction,
            @JsonProperty("label") Boolean label) {}

    /**
     * Reads a file of labels; empty lines and other keys are passed over.
     *
     * @throws LiftException where it cannot be read, has no label, or a line is none: a judge must not be checked by half
     */
    public static List<HumanLabel> read(Path file) {
        List<HumanLabel> labels = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (!line.isBlank()) {
                labels.add(label(file, number, line));
            }
        }
        if (labels.isEmpty()) {
            throw new LiftException(file + " holds no labels: give one JSON object a line.");
        }
        return List.copyOf(labels);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new LiftException("The labels in " + file + " cannot be read: name a UTF-8 file of JSON lines.", e);
        }
    }

    private static HumanLabel label(Path file, int number, String text) {
        try {
            Line line = JSON.readValue(text, Line.class);
            return new HumanLabel(new JudgedAnswer(line.question, line.reference, line.prediction), line.label);
        } catch (JacksonException e) {
            throw new LiftException(
                    file + ", line " + number + " is no label ("
                            + e.getOriginalMessage().lines().findFirst().orElse("")
                            + "): give question, reference, prediction, and true or false as label.",
                    e);
        }
    }
}
