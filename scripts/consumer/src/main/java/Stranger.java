import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;

/** The README's example as a stranger runs it: Stranger MODEL DOCUMENT MEMORY QUESTION. */
public final class Stranger {
    public static void main(String[] arguments) {
        try (Lift lift = Lift.open(LiftOptions.defaults().withModel(arguments[0]))) {
            Memory memory = lift.absorb(Path.of(arguments[1]), Path.of(arguments[2]));
            System.out.println(lift.ask(memory, arguments[3], Mode.LIFT).answer());
        }
        System.out.println("The stranger is done.");
    }
}
