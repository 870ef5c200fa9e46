package io.github.lift4j.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** LangChain4j's parameters and a seed, which fixes every choice of words. Immutable. */
public final class LiftChatRequestParameters extends DefaultChatRequestParameters {

    private final @Nullable Long seed;

    private LiftChatRequestParameters(Builder builder) {
        super(builder);
        this.seed = builder.seed;
    }

    /** Nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** The seed; empty where other words may come each time. */
    public Optional<Long> seed() {
        return Optional.ofNullable(seed);
    }

    @Override
    public LiftChatRequestParameters overrideWith(ChatRequestParameters other) {
        return builder().overrideWith(this).overrideWith(other).build();
    }

    @Override
    public LiftChatRequestParameters defaultedBy(ChatRequestParameters other) {
        return builder().overrideWith(other).overrideWith(this).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof LiftChatRequestParameters that
                && Objects.equals(seed, that.seed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), seed);
    }

    /** Not thread-safe. */
    public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {

        private @Nullable Long seed;

        private Builder() {}

        /** Fixes every choice of words; matters only where there is a temperature. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (parameters instanceof LiftChatRequestParameters own) {
                own.seed().ifPresent(this::seed);
            }
            return this;
        }

        @Override
        public LiftChatRequestParameters build() {
            return new LiftChatRequestParameters(this);
        }
    }
}
