package io.github.lift4j.documents;

import io.github.lift4j.engine.LiftException;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Stops an extraction that was interrupted or has no end. Every parser comes by here, whatever it does between. */
final class Guard extends ContentHandlerDecorator {

    private final String name;
    private final long mostCharacters;
    private long characters;

    Guard(ContentHandler handler, String name, long mostCharacters) {
        super(handler);
        this.name = name;
        this.mostCharacters = mostCharacters;
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) throws SAXException {
        check();
        super.startElement(uri, localName, qName, attributes);
    }

    @Override
    public void characters(char[] text, int from, int length) throws SAXException {
        characters += length;
        check();
        super.characters(text, from, length);
    }

    private void check() {
        // Not a SAXException: parsers of several parts collect those and go on.
        if (Thread.currentThread().isInterrupted()) {
            throw Failure.interrupted(name);
        }
        if (characters > mostCharacters) {
            throw new LiftException("\"" + name + "\" holds more than " + mostCharacters
                    + " characters, which no real document does:"
                    + " convert it to plain text to have it read all the same.");
        }
    }
}
