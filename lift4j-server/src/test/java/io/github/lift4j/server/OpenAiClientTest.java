package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.models.Model;
import com.openai.models.models.ModelDeleted;
import io.github.lift4j.Lift;
import io.github.lift4j.server.store.KeyRing;
import io.github.lift4j.server.store.Scope;
import io.github.lift4j.server.store.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client goes the whole way against the service. */
class OpenAiClientTest {

    @Test
    void aDocumentIsUploadedAbsorbedAndAskedAbout(@TempDir Path folder) throws Exception {
        Path document = Files.writeString(folder.resolve("gulls.txt"), TinyLift.TEXT);
        ServerSettings settings = ServerSettings.of(folder.resolve("data"))
                .at("127.0.0.1", 0)
                .with(TinyLift.RECIPES)
                .with(Optional.of(new LetterCounts()));
        try (Lift lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
                LiftServer server = LiftServer.start(lift, settings)) {
            OpenAIClient client = client(server, "any");
            try {
                String memory = absorbed(client, document);
                asked(client, memory);
                streamed(client, memory);
                wroteOn(client, memory);
                toldTheOdds(client, memory);
                embedded(client);
                deleted(client, memory);
            } finally {
                client.close();
            }
        }
    }

    @Test
    void aRightKeyOpensAndAWrongOneIsToldSo(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        String secret = KeyRing.in(data, keys -> keys.add("client", Tenant.LOCAL, Set.of(Scope.READ)));
        ServerSettings settings = ServerSettings.of(data).at("127.0.0.1", 0);
        try (Lift lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
                LiftServer server = LiftServer.start(lift, settings)) {
            OpenAIClient right = client(server, secret);
            OpenAIClient wrong = client(server, "lift-wrong");
            try {
                assertThat(right.models().list().data()).extracting(Model::id).containsExactly("tiny");
                assertThatThrownBy(() -> wrong.models().list()).isInstanceOf(UnauthorizedException.class);
                assertThatThrownBy(() -> right.files().delete("file-1"))
                        .isInstanceOf(PermissionDeniedException.class)
                        .hasMessageContaining("write");
            } finally {
                right.close();
                wrong.close();
            }
        }
    }

    private static OpenAIClient client(LiftServer server, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
                .apiKey(key)
                .build();
    }

    private static String absorbed(OpenAIClient client, Path document) throws InterruptedException {
        FileObject file = client.files()
                .create(FileCreateParams.builder()
                        .file(document)
                        .purpose(FilePurpose.FINE_TUNE)
                        .build());
        assertThat(file.filename()).isEqualTo("gulls.txt");
        assertThat(file.bytes()).isEqualTo(TinyLift.TEXT.length());
        assertThat(client.files().list().data()).extracting(FileObject::id).containsExactly(file.id());

        FineTuningJob job = client.fineTuning()
                .jobs()
                .create(JobCreateParams.builder()
                        .model("tiny")
                        .trainingFile(file.id())
                        .suffix("gulls")
                        .method(JobCreateParams.Method.builder()
                                .type(JobCreateParams.Method.Type.of("lift"))
                                .putAdditionalProperty("lift", JsonValue.from(Map.of("recipe", "short")))
                                .build())
                        .build());
        while (job.finishedAt().isEmpty()) {
            Thread.sleep(20);
            job = client.fineTuning().jobs().retrieve(job.id());
        }
        assertThat(job.status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(job.trainedTokens().orElseThrow()).isPositive();
        assertThat(client.fineTuning().jobs().listEvents(job.id()).data())
                .anyMatch(event -> event.message().contains("is ready"));
        assertThat(client.fineTuning().jobs().checkpoints().list(job.id()).data())
                .singleElement()
                .satisfies(checkpoint -> assertThat(
                                checkpoint.metrics().trainLoss().orElseThrow())
                        .isPositive());
        String memory = job.fineTunedModel().orElseThrow();
        assertThat(memory).startsWith("gulls-");
        assertThat(client.models().list().data()).extracting(Model::id).containsExactly("tiny", "letters", memory);
        assertThat(client.models().retrieve(memory).ownedBy()).isEqualTo("user");
        return memory;
    }

    private static void toldTheOdds(OpenAIClient client, String memory) {
        ChatCompletion answer = client.chat()
                .completions()
                .create(question(memory).logprobs(true).topLogprobs(4).build());
        List<ChatCompletionTokenLogprob> tokens =
                answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
        assertThat(tokens).hasSize((int) answer.usage().orElseThrow().completionTokens());
        assertThat(tokens).allSatisfy(token -> {
            assertThat(token.logprob()).isLessThanOrEqualTo(0);
            assertThat(token.bytes().orElseThrow()).isNotEmpty();
            assertThat(token.topLogprobs()).hasSize(4);
            assertThat(token.topLogprobs().getFirst().token()).isEqualTo(token.token());
        });
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(question(memory).logprobs(true).topLogprobs(4).build())) {
            assertThat(stream.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.logprobs().stream())
                            .flatMap(told -> told.content().orElseThrow().stream())
                            .map(ChatCompletionTokenLogprob::token))
                    .containsExactlyElementsOf(tokens.stream()
                            .map(ChatCompletionTokenLogprob::token)
                            .toList());
        }
        Completion text = client.completions()
                .create(CompletionCreateParams.builder()
                        .model(memory)
                        .prompt("On day 7 the crew counted")
                        .maxTokens(6)
                        .logprobs(2)
                        .build());
        CompletionChoice.Logprobs told = text.choices().getFirst().logprobs().orElseThrow();
        assertThat(told.tokens().orElseThrow())
                .hasSameSizeAs(told.tokenLogprobs().orElseThrow())
                .hasSameSizeAs(told.topLogprobs().orElseThrow())
                .hasSameSizeAs(told.textOffset().orElseThrow())
                .isNotEmpty();
    }

    private static void embedded(OpenAIClient client) {
        for (EmbeddingCreateParams.EncodingFormat format :
                List.of(EmbeddingCreateParams.EncodingFormat.FLOAT, EmbeddingCreateParams.EncodingFormat.BASE64)) {
            CreateEmbeddingResponse answer = client.embeddings()
                    .create(EmbeddingCreateParams.builder()
                            .model("letters")
                            .inputOfArrayOfStrings(List.of("aab", "cab"))
                            .encodingFormat(format)
                            .build());
            assertThat(answer.data())
                    .extracting(Embedding::embedding)
                    .containsExactly(List.of(2f, 1f, 0f), List.of(1f, 1f, 1f));
            assertThat(answer.usage().promptTokens()).isEqualTo(6);
        }
        assertThat(client.embeddings()
                        .create(EmbeddingCreateParams.builder()
                                .model("letters")
                                .input("abc")
                                .build())
                        .data())
                .singleElement()
                .extracting(Embedding::embedding)
                .isEqualTo(List.of(1f, 1f, 1f));
    }

    private static void deleted(OpenAIClient client, String memory) {
        ModelDeleted deleted = client.models().delete(memory);
        assertThat(deleted.id()).isEqualTo(memory);
        assertThat(deleted.deleted()).isTrue();
        assertThat(client.models().list().data()).extracting(Model::id).containsExactly("tiny", "letters");
        assertThatThrownBy(() -> client.models().delete("tiny")).isInstanceOf(PermissionDeniedException.class);
    }

    private static ChatCompletionCreateParams.Builder question(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addSystemMessage("You count birds.")
                .addUserMessage("How many gulls were counted on day 7?")
                .addAssistantMessage("Many.")
                .addUserMessage("How many exactly?")
                .maxCompletionTokens(12);
    }

    private static void asked(OpenAIClient client, String memory) {
        for (String mode : List.of("", ":lift", ":icl", ":base")) {
            ChatCompletion answer =
                    client.chat().completions().create(question(memory + mode).build());
            assertThat(answer.choices()).hasSize(1);
            assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(0L, 12L);
            assertThat(answer.usage().orElseThrow().promptTokens()).isPositive();
            assertThat(answer._additionalProperties().get("lift").toString())
                    .contains(mode.isEmpty() ? "lift+icl" : mode.substring(1));
        }
        ChatCompletion ofBase =
                client.chat().completions().create(question("tiny").build());
        assertThat(ofBase.model()).isEqualTo("tiny");
    }

    private static void streamed(OpenAIClient client, String memory) {
        ChatCompletionCreateParams params = question(memory)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        String whole = client.chat()
                .completions()
                .create(question(memory).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();
            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .collect(Collectors.joining()))
                    .isEqualTo(whole)
                    .isNotEmpty();
            assertThat(chunks.get(chunks.size() - 2).choices().getFirst().finishReason())
                    .isPresent();
            assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
                    .isPositive();
        }
    }

    private static void wroteOn(OpenAIClient client, String memory) {
        Completion text = client.completions()
                .create(CompletionCreateParams.builder()
                        .model(memory)
                        .prompt("On day 7 the crew counted")
                        .maxTokens(6)
                        .temperature(0.8)
                        .seed(3)
                        .build());
        Completion same = client.completions()
                .create(CompletionCreateParams.builder()
                        .model(memory)
                        .prompt("On day 7 the crew counted")
                        .maxTokens(6)
                        .temperature(0.8)
                        .seed(3)
                        .build());
        assertThat(text.choices().getFirst().text())
                .isEqualTo(same.choices().getFirst().text())
                .isNotEmpty();
    }
}
