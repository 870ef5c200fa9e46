package io.github.lift4j.documents;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells a title that somebody gave from one that a program left in the metadata. */
final class MetadataTitle {

    private static final Pattern PROGRAMS_PREFIX =
            Pattern.compile("^Microsoft (Office )?(Word|PowerPoint)( Document)? - ");
    private static final Pattern FILE_NAME = Pattern.compile(
            ".*\\.(docx?|dotx?|odt|rtf|pdf|tex|dvi|ps|indd|qxd|pages|html?|xhtml|wpd)$", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(untitled|unknown|document|title|no title|\\(anonymous\\)|microsoft word document)?[\\s\\d]*",
            Pattern.CASE_INSENSITIVE);

    private MetadataTitle() {}

    /** The title, unless it is empty, a placeholder or the name of a file. */
    static Optional<String> of(@Nullable String metadata) {
        return Optional.ofNullable(metadata)
                .map(raw -> PROGRAMS_PREFIX.matcher(raw.strip()).replaceFirst(""))
                .filter(title -> !PLACEHOLDER.matcher(title).matches())
                .filter(title -> !FILE_NAME.matcher(title).matches());
    }
}
