package io.github.lift4j.report;

import java.util.List;

/**
 * A figure of the report.
 *
 * @param id by which files and links name it, such as {@code figure-3-time}
 * @param description what is to be seen, for those who do not see it
 * @param facts what is read off it, a sentence each
 */
record Figure(String id, String title, String description, Drawing drawing, List<String> facts) {

    Figure {
        facts = List.copyOf(facts);
    }
}
