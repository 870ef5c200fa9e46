package io.github.lift4j.evaluation.result;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One thing that was found out: a line of a report's evidence. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "finding")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Finding.Scored.class, name = "scored"),
    @JsonSubTypes.Type(value = Finding.Needle.class, name = "needle"),
    @JsonSubTypes.Type(value = Finding.Timing.class, name = "timing")
})
public sealed interface Finding {

    /** The mode in which it was found, as the unit names it. */
    String mode();

    /**
     * A benchmark's question, answered and scored.
     *
     * @param set as the unit names it, such as {@code loogle/longdep_qa}
     * @param kind what tables group by, such as {@code timeline_reorder}; the task's name where the set has no types
     * @param document id of the document
     * @param title of the document
     * @param number of the question in its document, counted from 1
     * @param question as a person would put it; a set's official prompt may have asked it in other words
     * @param gold the right answer
     * @param answer the model's
     * @param evidence the passages that stood in the window; empty where the mode has none
     * @param scores by name: {@code f1, rouge_1, rouge_2, rouge_l, bleu_1, bleu_4, meteor, bert_score, concordance,
     *     accuracy, judge, ...} are 0 to 1, {@code nll} is of the gold answer in nats a token; what could not be measured
     *     is absent
     */
    record Scored(
            String set,
            String kind,
            String document,
            String title,
            int number,
            String question,
            String gold,
            String mode,
            String answer,
            List<String> evidence,
            Map<String, Double> scores)
            implements Finding {

        public Scored {
            evidence = List.copyOf(evidence);
            scores = Collections.unmodifiableSortedMap(new TreeMap<>(scores));
        }

        /** The same with another score, as a judge adds it afterwards. */
        public Scored with(String name, double score) {
            Map<String, Double> more = new TreeMap<>(scores);
            more.put(name, score);
            return new Scored(set, kind, document, title, number, question, gold, mode, answer, evidence, more);
        }
    }

    /**
     * A needle that was asked for.
     *
     * @param tokens of the haystack
     * @param depth wanted of the needle, 0 at the beginning to 1 at the end
     * @param needle its name
     * @param recall of the needle's fact in the answer, 0 to 1
     * @param nll of the right answer, in nats a token
     */
    record Needle(
            int tokens,
            double depth,
            String needle,
            String mode,
            String question,
            String gold,
            String answer,
            double recall,
            double nll)
            implements Finding {}

    /**
     * What an answer cost.
     *
     * @param tokens of the input
     * @param repetition counted from 1
     * @param seconds from the input to the first answer; empty where there was none
     * @param parts where they went, such as {@code absorb} and {@code answer}
     * @param peakBytes most memory in use meanwhile; empty where it cannot be told
     * @param outOfMemory whether it ended for want of memory
     */
    record Timing(
            String mode,
            int tokens,
            int repetition,
            OptionalDouble seconds,
            Map<String, Double> parts,
            OptionalLong peakBytes,
            boolean outOfMemory)
            implements Finding {

        public Timing {
            parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
        }
    }
}
