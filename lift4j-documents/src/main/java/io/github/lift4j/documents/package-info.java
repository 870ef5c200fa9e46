/**
 * How do HTML, PDF, EPUB, DOCX, DOC, ODT and RTF become text? With this artifact on the class path
 * {@link io.github.lift4j.document.Document#open} reads them, through the parsers of Apache Tika.
 *
 * <p>{@link io.github.lift4j.documents.TikaDocumentReader} is the way in; the rest is how its output is made readable.
 * Nothing here recognises text in pictures, starts a process, opens a connection or reads what is attached to a
 * document.
 */
@NullMarked
package io.github.lift4j.documents;

import org.jspecify.annotations.NullMarked;
