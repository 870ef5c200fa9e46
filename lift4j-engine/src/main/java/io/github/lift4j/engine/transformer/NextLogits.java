package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Logits of the next token in float32. In bfloat16 logits of 16 and more are an eighth apart, so that the likeliest tokens
 * often tie, and the first of the vocabulary is written instead of the best.
 */
final class NextLogits {

    /** Tokens that are told apart; the others are so much less likely that an eighth does not matter. */
    private static final long LIKELIEST = 32;

    private NextLogits() {}

    /** {@code hidden [rows, hidden]} and {@code head [vocabulary, hidden]}, of one type, to {@code [rows, vocabulary]}. */
    static Tensor of(Tensor hidden, Tensor head) {
        if (hidden.scalar_type().intern() == ScalarType.Float) {
            return torch.linear(hidden, head);
        }
        return hidden.is_cuda() ? torch.mm(hidden, head.t(), ScalarType.Float) : refined(hidden, head);
    }

    /** A processor has no product that is wider than its factors: the likeliest are multiplied once more, in float32. */
    private static Tensor refined(Tensor hidden, Tensor head) {
        Tensor logits = torch.linear(hidden, head).to(ScalarType.Float);
        Tensor ids = torch.topk(logits, Math.min(LIKELIEST, head.size(0))).get1();
        Tensor rows =
                head.index_select(0, ids.view(-1)).to(ScalarType.Float).view(ids.size(0), ids.size(1), head.size(1));
        Tensor exact =
                torch.bmm(rows, hidden.to(ScalarType.Float).unsqueeze(-1)).squeeze(-1);
        return logits.scatter_(1, ids, exact);
    }
}
