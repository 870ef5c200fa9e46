package io.github.lift4j.engine.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;

/** {@code {% generation %}} marks what an assistant wrote; in a prompt it is only its content. */
final class GenerationTag implements Tag {

    @Override
    public String getName() {
        return "generation";
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        StringBuilder output = new StringBuilder();
        for (Node child : node.getChildren()) {
            output.append(child.render(interpreter));
        }
        return output.toString();
    }
}
