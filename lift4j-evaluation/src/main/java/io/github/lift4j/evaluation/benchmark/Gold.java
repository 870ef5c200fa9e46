package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** The right answer to a question, in the shape in which it is scored. */
public sealed interface Gold {

    /** The answer as a model should write it: what a gold answer's likelihood is measured on. */
    String text();

    /**
     * Free text; each of these is right.
     *
     * @param texts at least one
     */
    record Texts(List<String> texts) implements Gold {

        public Texts {
            texts = List.copyOf(texts);
            if (texts.isEmpty()) {
                throw new IllegalArgumentException("a gold answer needs a text");
            }
        }

        @Override
        public String text() {
            return texts.getFirst();
        }
    }

    /** One of several classes, by its name. */
    record Label(String text, List<String> classes) implements Gold {

        public Label {
            classes = List.copyOf(classes);
        }
    }

    /**
     * One of several options.
     *
     * @param letter of the right option, {@code A} for the first
     * @param options as they stand in the prompt, their letters included
     */
    record Choice(char letter, List<String> options) implements Gold {

        public Choice {
            options = List.copyOf(options);
        }

        @Override
        public String text() {
            return String.valueOf(letter);
        }
    }

    /** What stands behind each mask of a cloze, such as {@code <mask-0>}, in the set's order. */
    record Masks(SequencedMap<String, String> entities) implements Gold {

        public Masks {
            entities = new LinkedHashMap<>(entities);
        }

        @Override
        public String text() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, String> entity : entities.entrySet()) {
                json.put(entity.getKey(), entity.getValue());
            }
            return json.toString();
        }
    }

    /** An order of things that are numbered from 0. */
    record Order(List<Integer> order) implements Gold {

        public Order {
            order = List.copyOf(order);
        }

        @Override
        public String text() {
            return order.stream().map(number -> "[" + number + "]").collect(Collectors.joining(" > "));
        }
    }

    /** Whether a hypothesis holds. */
    record Verdict(boolean holds) implements Gold {

        @Override
        public String text() {
            return holds ? "Yes." : "No.";
        }
    }
}
