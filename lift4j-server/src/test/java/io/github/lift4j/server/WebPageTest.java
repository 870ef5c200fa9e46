package io.github.lift4j.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.SelectOption;
import io.github.lift4j.Lift;
import io.github.lift4j.server.answer.Desk;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a person uses it, in the system's Chromium; passed over where there is none. */
class WebPageTest {

    private static final Optional<Path> CHROMIUM = Stream.of(
                    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();

    @TempDir
    private static Path folder;

    private static Lift lift;
    private static LiftServer server;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(CHROMIUM.isPresent(), "no Chromium here");
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
        server = LiftServer.start(
                lift,
                ServerSettings.of(folder.resolve("data"))
                        .at("127.0.0.1", 0)
                        .with(TinyLift.limits(20_000, 4), new Desk.Size(2, 8, 1))
                        .with(TinyLift.RECIPES));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM.get())
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void stop() {
        Stream.of(playwright, server, lift).filter(part -> part != null).forEach(WebPageTest::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() {
        page = browser.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + server.port() + "/");
        assertThat(page.locator("#base")).containsText("tiny");
    }

    @AfterEach
    void closePage() {
        page.close();
    }

    @Test
    void aDocumentIsDroppedLearnedAndAskedInEveryWay() {
        choose("gulls.txt", TinyLift.TEXT);
        page.locator("#learn").click();
        Locator card = page.locator("#jobs .card").first();
        assertThat(card.locator("h3")).containsText("gulls", patiently());
        assertThat(card.locator(".state")).containsText("succeeded", patiently());
        assertThat(card.locator(".figures")).containsText("tokens/s");
        assertThat(page.locator("#memory option").first()).containsText("gulls", patiently());

        page.locator("#memory").selectOption(new SelectOption().setIndex(0));
        page.locator("#text").fill("How many gulls on day 3?");
        page.keyboard().press("Control+Enter");
        assertThat(page.locator("#answers .card")).hasCount(4);
        for (String mode : List.of("icl", "lift", "lift+icl")) {
            Locator answer = page.locator("#answers .card[data-mode='" + mode + "']");
            assertThat(answer.locator(".figures")).containsText("written", patiently());
        }
        // Random weights may end an answer at once, but hardly every one.
        assertThat(page.locator("#answers .answer")
                        .filter(new Locator.FilterOptions().setHasText(Pattern.compile("\\S")))
                        .first())
                .isVisible();
        // No search is on this class path, and its card says so.
        assertThat(page.locator("#answers .failed .figures")).containsText("lift4j-retrieval", patiently());
        assertThat(complaints).allMatch(complaint -> complaint.contains("400"));
    }

    @Test
    void howLongItTakesIsSaidBeforehandForTheRecipeThatIsChosen() {
        page.route("**/v1/lift/estimates", route -> {
            boolean study = route.request().postData().contains("self-study");
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("""
                    {"seconds": %d, "tasks": "%s", "basis": "%s"}""".formatted(
                            study ? 9000 : 250, study ? "counted" : "none", study ? "finished_jobs" : "measurement")));
        });
        Locator estimate = page.locator("#estimate");
        choose("gulls.txt", TinyLift.TEXT);
        assertThat(estimate).hasText("Learning it takes about 4 minutes on this machine (by a short measurement).");
        page.locator("#recipe").selectOption("self-study");
        assertThat(estimate)
                .hasText("Learning it takes about 2.5 hours on this machine, its tasks included (as jobs took here"
                        + " before).");
    }

    @Test
    void aDocumentThatIsChosenIsSentAtOnceAndDoesNotStayWhereAnotherIs() {
        Calls calls = new Calls(server.port());
        choose("terns.txt", TinyLift.TEXT);
        assertThat(page.locator("#estimate")).containsText("less than a minute on this machine", patiently());
        assertThat(calls.get("/v1/files").response().body()).contains("terns.txt");
        choose("skuas.txt", TinyLift.TEXT);
        assertThat(page.locator("#estimate")).containsText("less than a minute on this machine", patiently());
        assertThat(calls.get("/v1/files").response().body())
                .contains("skuas.txt")
                .doesNotContain("terns.txt");
    }

    @Test
    void aDocumentThatIsNotLearnedGoesWithThePageAndOneThatIsStays() {
        Calls calls = new Calls(server.port());
        choose("puffins.txt", TinyLift.TEXT);
        page.locator("#learn").click();
        assertThat(page.locator("#jobs .card").first().locator("h3")).containsText("puffins", patiently());
        choose("auks.txt", TinyLift.TEXT);
        assertThat(page.locator("#estimate")).containsText("on this machine", patiently());
        page.navigate("about:blank");
        page.navigate("http://127.0.0.1:" + server.port() + "/");
        assertThat(page.locator("#jobs .card").first()).isVisible();
        assertThat(calls.get("/v1/files").response().body())
                .contains("puffins.txt")
                .doesNotContain("auks.txt");
    }

    @Test
    void whatIsRefusedIsSaidInTheServicesWords() {
        choose("large.txt", "x".repeat(30_000));
        page.locator("#learn").click();
        assertThat(page.locator("#trouble")).containsText("bytes");
        assertThat(page.locator("#learn")).isEnabled();
    }

    @Test
    void aMemoryIsDeletedByTheKeyboardOnceThatWasConfirmed() {
        List<String> asked = new ArrayList<>();
        Locator library = libraryOf(asked, 200, """
                {"id": "terns-2", "object": "model", "deleted": true}""");
        Locator delete = library.locator("[data-memory='terns-2'] .delete");
        delete.press("Enter");
        assertThat(page.locator("#deletion")).containsText("Delete terns-2?");
        page.keyboard().press("Escape");
        assertThat(page.locator("#deletion")).isHidden();
        assertThat(delete).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#keep")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#deletion")).isHidden();
        assertThat(asked).isEmpty();

        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(library.locator(".card")).hasCount(1);
        assertThat(page.locator("#memory option")).hasText("gulls-1");
        assertThat(page.locator("#library-title")).isFocused();
        assertThat(asked).containsExactly("DELETE /v1/models/terns-2");
    }

    @Test
    void aMemoryThatIsDeletedIsGoneFromTheServiceAndItsDisk() throws Exception {
        Calls calls = new Calls(server.port());
        String memory = calls.learned();
        Path home = folder.resolve("data/memories").resolve(memory);
        assertThat(home.resolve("memory.json")).exists();
        page.reload();
        Locator card = page.locator("#library [data-memory='" + memory + "']");
        card.locator(".delete").click();
        page.locator("#delete").click();

        assertThat(card).hasCount(0);
        assertThat(page.locator("#memory option[value='" + memory + "']")).hasCount(0);
        assertThat(calls.get("/v1/models/" + memory).status()).isEqualTo(404);
        assertThat(home).doesNotExist();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aMemoryIsSavedAsAnArchive() throws Exception {
        String memory = new Calls(server.port()).learned();
        page.reload();
        Locator export = page.locator("#library [data-memory='" + memory + "'] .export");
        Download saved = page.waitForDownload(export::click);

        assertThat(saved.suggestedFilename()).isEqualTo(memory + ".zip");
        try (ZipFile archive = new ZipFile(saved.path().toFile())) {
            assertThat(archive.stream().map(ZipEntry::getName))
                    .contains(memory + "/memory.json", memory + "/adapter_model.safetensors");
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void theLibraryKeepsTheFocusWhenAnotherMemoryJoinsIt() throws Exception {
        Calls calls = new Calls(server.port());
        String older = calls.learned();
        page.reload();
        Locator delete = page.locator("#library [data-memory='" + older + "'] .delete");
        delete.focus();
        String newer = calls.learned();
        assertThat(page.locator("#library .card").first())
                .hasAttribute("data-memory", newer, new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));
        assertThat(delete).isFocused();
    }

    /** The name of a memory that was just made. */
    @Test
    void whoIsAskedAgainAtOnceIsStillHeard() {
        List<String> asked = new ArrayList<>();
        Locator library = libraryOf(asked, 200, """
                {"id": "terns-2", "object": "model", "deleted": true}""");
        page.evaluate("""
                () => {
                  const terns = "[data-memory='terns-2'] .delete";
                  for (const button of [terns, "#keep", terns, "#delete"]) document.querySelector(button).click();
                }""");
        assertThat(library.locator(".card")).hasCount(1);
        assertThat(asked).containsExactly("DELETE /v1/models/terns-2");
    }

    @Test
    void whatSomebodyElseDeletedIsSaidToBeGoneAndGoesFromTheLibrary() {
        Locator library = libraryOf(new ArrayList<>(), 404, """
                {"error": {"message": "There is no model 'terns-2'.", "type": "invalid_request_error",
                 "param": "model", "code": "model_not_found"}}""");
        library.locator("[data-memory='terns-2'] .delete").click();
        page.locator("#delete").click();
        assertThat(page.locator("#trouble")).hasText("There is no model 'terns-2'.");
        assertThat(library.locator(".card")).hasCount(1);
    }

    @Test
    void aMemoryOfTheLibraryIsChosenToBeAsked() {
        libraryOf(new ArrayList<>(), 500, "{}")
                .locator("[data-memory='gulls-1'] .ask")
                .click();
        assertThat(page.locator("#memory")).hasValue("gulls-1");
        assertThat(page.locator("#text")).isFocused();
    }

    /** The page with two memories, and what is answered when the second is deleted. */
    private Locator libraryOf(List<String> asked, int status, String answer) {
        boolean[] gone = {false};
        page.route("**/v1/models/**", route -> {
            String path = URI.create(route.request().url()).getPath();
            asked.add(route.request().method() + " " + path);
            gone[0] = true;
            route.fulfill(new Route.FulfillOptions()
                    .setStatus(status)
                    .setContentType("application/json")
                    .setBody(answer));
        });
        page.route("**/v1/models", route -> {
            String second = gone[0] ? "" : """
                    , {"id": "terns-2", "object": "model", "created": 1750000000, "owned_by": "user"}""";
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("""
                    {"object": "list", "data": [
                     {"id": "tiny", "object": "model", "created": 1700000000, "owned_by": "lift4j"},
                     {"id": "gulls-1", "object": "model", "created": 1740000000, "owned_by": "user"}%s]}""".formatted(second)));
        });
        page.reload();
        Locator library = page.locator("#library");
        assertThat(library.locator(".card")).hasCount(2);
        return library;
    }

    @Test
    void itFitsAPhoneInTheDark() {
        page.setViewportSize(360, 740);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.evaluate("""
                () => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 360)
                  .map(e => e.tagName + '#' + e.id)""")).isEqualTo(List.of());
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(21, 23, 26)");
    }

    @Test
    void everyControlHasANameAndIsReachedByTheKeyboard() {
        assertThat((Integer) page.evaluate("""
                () => [...document.querySelectorAll('main input, main select, main textarea')]
                  .filter(field => field.labels.length === 0 && !field.ariaLabel).length""")).isZero();
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            page.keyboard().press("Tab");
            reached.add(String.valueOf(page.evaluate("document.activeElement.id || document.activeElement.value")));
        }
        assertThat(reached).contains("file", "recipe", "name", "learn", "memory", "rag:bm25", "text", "ask-button");
    }

    private static LocatorAssertions.ContainsTextOptions patiently() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);
    }

    private void choose(String name, String text) {
        page.locator("#file").setInputFiles(new FilePayload(name, "text/plain", text.getBytes(StandardCharsets.UTF_8)));
    }
}
