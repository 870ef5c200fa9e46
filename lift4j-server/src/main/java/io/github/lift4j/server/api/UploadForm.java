package io.github.lift4j.server.api;

import io.github.lift4j.server.http.ApiException;
import io.javalin.http.Context;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;

/** A form with one file, as it is sent to be kept. Its parts lie in a temporary folder and go with the request. */
record UploadForm(List<Part> parts) {

    private static final String CONFIGURATION = "org.eclipse.jetty.multipartConfig";
    private static final String PURPOSE = "purpose";
    private static final String FILE = "file";

    /** Bytes of a form besides its file. */
    private static final long FORM_BYTES = 1 << 20;

    private static final int IN_MEMORY_BYTES = 1 << 13;
    private static final int FIELD_BYTES = 100;

    /**
     * Receives a form.
     *
     * @param folder where large parts lie meanwhile
     * @param most bytes of the file
     */
    static UploadForm receive(Context request, Path folder, long most) throws IOException {
        if (!Optional.ofNullable(request.contentType()).orElse("").startsWith("multipart/form-data")) {
            throw ApiException.malformed("A file is uploaded as multipart/form-data with the parts purpose and file.");
        }
        if (request.req().getContentLengthLong() > most + FORM_BYTES) {
            throw tooLarge(most);
        }
        request.attribute(
                CONFIGURATION, new MultipartConfigElement(folder.toString(), most, most + FORM_BYTES, IN_MEMORY_BYTES));
        try {
            return new UploadForm(List.copyOf(request.req().getParts()));
        } catch (ServletException | IOException | IllegalStateException | HttpException.RuntimeException e) {
            // The web server gives up a connection on which it could not read a form: clients are not to use it again.
            request.header("Connection", "close");
            throw refused(e, most);
        }
    }

    /** The web server throws the same where a form is none and where it is too large. */
    private static ApiException refused(Exception e, long most) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).matches("max (file size|length) exceeded.*")) {
                return tooLarge(most);
            }
        }
        return ApiException.malformed("The form could not be read to its end.");
    }

    private static ApiException tooLarge(long most) {
        return ApiException.tooLarge("A file may have at most " + most + " bytes: split the document.");
    }

    /** What the file is for. */
    String purpose() throws IOException {
        for (Part part : parts) {
            String name = String.valueOf(part.getName());
            if (!name.equals(PURPOSE) && !name.equals(FILE)) {
                throw ApiException.unsupported(name, "'" + name + "' is not served here: leave it out.");
            }
        }
        try (InputStream text = one(PURPOSE).getInputStream()) {
            return new String(text.readNBytes(FIELD_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** What the client calls the file. */
    String documentName() {
        return Optional.ofNullable(document().getSubmittedFileName()).orElse("");
    }

    /** Writes the file's bytes to a new file. */
    void saveDocument(Path target) throws IOException {
        if (document().getSize() == 0) {
            throw ApiException.invalid(FILE, "The file is empty: there is nothing to absorb in it.");
        }
        try (InputStream content = document().getInputStream()) {
            Files.copy(content, target);
        }
    }

    private Part document() {
        return one(FILE);
    }

    private Part one(String name) {
        List<Part> named =
                parts.stream().filter(part -> name.equals(part.getName())).toList();
        if (named.size() != 1) {
            throw ApiException.invalid(name, "The form must have one part '" + name + "', not " + named.size() + ".");
        }
        return named.getFirst();
    }
}
