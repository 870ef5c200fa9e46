package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Prepared;
import io.github.lift4j.engine.generation.ContinuousBatch;
import java.util.List;
import java.util.Optional;

/** Questions to one voice, which share what stands before them. */
record OneVoice<P>(Writer<P> writer) implements Company {

    @Override
    @SuppressWarnings("unchecked") // equal voices are of one type, and so are the questions to them
    public Optional<ContinuousBatch.Text> admit(Question<?> question) {
        Ask<P> ask = (Ask<P>) question.ask();
        Optional<Prepared> ready = writer.prepare(ask.prompt(), ask.most())
                .filter(prepared -> writer.batch().hasRoom(prepared.ids().length + ask.most()));
        return ready.map(prepared -> {
            ContinuousBatch.Text text = question.text(prepared);
            writer.batch().join(text);
            return text;
        });
    }

    @Override
    public List<ContinuousBatch.Text> step() {
        return writer.batch().step();
    }
}
