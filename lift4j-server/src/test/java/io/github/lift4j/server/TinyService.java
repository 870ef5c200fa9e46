package io.github.lift4j.server;

import io.github.lift4j.Lift;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.work.Recipes;
import java.io.IOException;
import java.nio.file.Path;

/** A service with the tiny model on this machine's own address, and who calls it. Owns both: close it. */
record TinyService(Lift lift, LiftServer server, Calls calls) implements AutoCloseable {

    /** @param folder empty, for the model and the service's data */
    static TinyService start(Path folder, Limits limits, Desk.Size size, Recipes recipes) throws IOException {
        Lift lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
        LiftServer server = LiftServer.start(
                lift,
                ServerSettings.of(folder.resolve("data"))
                        .at("localhost", 0)
                        .with(limits, size)
                        .with(recipes));
        return new TinyService(lift, server, new Calls(server.port()));
    }

    @Override
    public void close() {
        server.close();
        lift.close();
    }
}
