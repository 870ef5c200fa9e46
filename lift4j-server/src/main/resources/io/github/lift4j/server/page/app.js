// The page speaks the same API as every other client: /openapi.json says what.

const MODES = { icl: "window (ICL)", lift: "learned (LIFT)", "lift+icl": "both (LIFT+ICL)", "rag:bm25": "search (RAG)" };
const ACTIVE = ["queued", "running"];
const POLL_MS = 1500;
const KEY = "lift.key";
const MEMORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;

const $ = (id) => document.getElementById(id);
const later = (ms) => new Promise((done) => setTimeout(done, ms));

/** What the service refuses, in its own words. */
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function authorised(headers = {}) {
  const key = sessionStorage.getItem(KEY);
  return key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
}

async function refusalOf(response) {
  const body = await response.json().catch(() => null);
  return new Refusal(response.status, body?.error?.message ?? `The service answered ${response.status}.`);
}

async function fetched(path, options = {}) {
  const response = await fetch(path, { ...options, headers: authorised(options.headers) });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

const call = async (path, options) => (await fetched(path, options)).json();

const post = (path, body = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

function tell(error) {
  const refused = error instanceof Refusal && (error.status === 401 || error.status === 403);
  if (refused) $("key").hidden = false;
  $("trouble").textContent = error instanceof Refusal ? error.message : `The service cannot be reached (${error.message}).`;
  $("trouble").hidden = false;
}

const quiet = () => ($("trouble").hidden = true);

/** Runs what a button or form starts, which is off meanwhile; what fails is told. */
async function during(button, work) {
  button.disabled = true;
  quiet();
  try {
    await work();
  } catch (error) {
    if (error.name !== "AbortError") tell(error);
  } finally {
    button.disabled = false;
  }
}

const filled = (template) => $(template).content.firstElementChild.cloneNode(true);

function duration(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

// ---- Documents

const dropped = $("drop");
for (const name of ["dragover", "dragleave", "drop"]) {
  dropped.addEventListener(name, (event) => {
    event.preventDefault();
    dropped.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length > 0) {
      $("file").files = event.dataTransfer.files;
      choose();
    }
  });
}

/** Begins to send a file; fetch tells nothing of an upload's progress. */
function upload(file) {
  const request = new XMLHttpRequest();
  const stored = new Promise((done, fail) => {
    const form = new FormData();
    form.append("purpose", "fine-tune");
    form.append("file", file);
    request.open("POST", "/v1/files");
    for (const [name, value] of Object.entries(authorised())) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => ($("sent").value = event.total ? event.loaded / event.total : 0);
    request.onload = () =>
      request.status === 200
        ? done(request.response)
        : fail(new Refusal(request.status, request.response?.error?.message ?? `The service answered ${request.status}.`));
    request.onerror = () => fail(new Error("the upload broke off"));
    request.onabort = () => fail(new DOMException("another document was chosen", "AbortError"));
    request.send(form);
  });
  return { stored, abort: () => request.abort() };
}

/** The document that is chosen and not learned yet. It is sent at once, so that it can be said how long it will take. */
let chosen = null;

function choose() {
  discard();
  const [file] = $("file").files;
  if (!file) return showEstimate();
  const sending = upload(file);
  const choice = { ...sending, file, failed: false, id: "" };
  chosen = choice;
  quiet();
  $("sent").value = 0;
  $("sent").hidden = false;
  choice.stored
    .then(({ id }) => (choice.id = id), () => (choice.failed = true))
    .finally(() => { if (chosen === choice) $("sent").hidden = true; });
  return showEstimate();
}

/** What was chosen and is not wanted any more does not stay with the service. */
function discard() {
  const { id, abort } = chosen ?? {};
  chosen = null;
  abort?.();
  if (id) fetch(`/v1/files/${id}`, { method: "DELETE", headers: authorised(), keepalive: true }).catch(tell);
}

$("file").addEventListener("change", choose);
$("recipe").addEventListener("change", () => showEstimate());
addEventListener("pagehide", discard);

// ---- How long it will take

function spoken(seconds) {
  if (seconds < 45) return "less than a minute";
  const [number, unit] = seconds < 5400 ? [Math.round(seconds / 60), "minute"] : [Math.round(seconds / 360) / 10, "hour"];
  return `about ${number} ${unit}${number === 1 ? "" : "s"}`;
}

function estimateWords({ seconds, tasks, basis }) {
  return [
    `Learning it takes ${spoken(seconds)} on this machine`,
    { counted: ", its tasks included", left_out: ", without tasks that cannot be counted beforehand" }[tasks] ?? "",
    busy ? ", once it is its turn" : "",
    basis === "measurement" ? " (by a short measurement)." : " (as jobs took here before).",
  ].join("");
}

let estimates = 0;

/** Says it for what is chosen when it is known, unless something else is chosen by then. */
async function showEstimate() {
  const number = ++estimates;
  const say = (words) => { if (number === estimates) $("estimate").textContent = words; };
  say("");
  const choice = chosen;
  if (!choice) return;
  try {
    await choice.stored;
    say("How long will it take? The document is being read ...");
    say(estimateWords(await estimateOf(choice, () => number === estimates)));
  } catch (error) {
    say("");
    if (number === estimates && error.name !== "AbortError") tell(error);
  }
}

async function estimateOf(choice, wanted) {
  for (;;) {
    try {
      return await post("/v1/lift/estimates", jobOf(choice));
    } catch (error) {
      // Others' documents are read first.
      if (error.status !== 429 || !wanted()) throw error;
      await later(POLL_MS);
    }
  }
}

function jobOf(choice) {
  const recipe = $("recipe").value;
  return { model: base, training_file: choice.id, method: { type: "lift", lift: recipe ? { recipe } : {} } };
}

// ---- Jobs

function nameOf(file) {
  const name = file.name.replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  return MEMORY.test(name) ? name : "document";
}

$("upload").addEventListener("submit", (event) => {
  event.preventDefault();
  during($("learn"), async () => {
    if (!chosen || chosen.failed) choose();
    const choice = chosen;
    await choice.stored;
    const job = { ...jobOf(choice), suffix: $("name").value || nameOf(choice.file) };
    // From here on it is the job's: leaving the page must not delete it.
    chosen = null;
    try {
      await post("/v1/fine_tuning/jobs", job);
    } catch (error) {
      chosen ??= choice;
      throw error;
    }
    event.target.reset();
    showEstimate();
    await showJobs();
  });
});

let files = new Map();
const cards = new Map();

/** Whether a document that is learned now waits for others. */
let busy = false;

function buttonsOf(job) {
  if (job.status === "running") return ["pause", "cancel"];
  if (job.status === "queued") return ["cancel"];
  return job.status === "paused" ? ["resume", "cancel"] : [];
}

function showCurve(card, metrics) {
  const losses = metrics.map((event) => event.data.train_loss);
  const curve = card.querySelector(".curve");
  curve.toggleAttribute("hidden", losses.length < 2);
  if (losses.length < 2) return;
  const low = Math.min(...losses);
  const high = Math.max(...losses, low + 0.001);
  const last = metrics.at(-1).data.total_steps;
  const points = metrics.map(({ data }) => `${(300 * data.step) / last},${58 - (56 * (data.train_loss - low)) / (high - low)}`);
  curve.querySelector("polyline").setAttribute("points", points.join(" "));
  curve.querySelector("title").textContent = `Loss from ${losses[0].toFixed(2)} to ${losses.at(-1).toFixed(2)} nats a token`;
}

function showFigures(card, job, metrics) {
  const now = metrics.at(-1);
  card.querySelector("progress").hidden = !now || !ACTIVE.includes(job.status);
  if (!now) return;
  const { step, total_steps: total, train_loss: loss, tokens_per_second: speed } = now.data;
  card.querySelector("progress").value = step / total;
  const first = metrics[0];
  const took = now.created_at - first.created_at;
  const left = step > first.data.step ? (took / (step - first.data.step)) * (total - step) : 0;
  card.querySelector(".figures").textContent = [
    `step ${step} of ${total}`,
    `loss ${loss.toFixed(3)}`,
    `${Math.round(speed)} tokens/s`,
    job.status === "running" && left > 0 ? `about ${duration(left)} left` : "",
  ].filter(Boolean).join(", ");
}

async function showJob(job) {
  const events = (await call(`/v1/fine_tuning/jobs/${job.id}/events?limit=1000`)).data.reverse();
  const metrics = events.filter((event) => event.type === "metrics" && event.data.total_steps);
  const card = cards.get(job.id) ?? filled("job-card");
  if (!cards.has(job.id)) {
    cards.set(job.id, card);
    $("jobs").append(card);
  }
  card.dataset.job = job.id;
  card.querySelector("h3").textContent = job.fine_tuned_model ?? files.get(job.training_file) ?? job.training_file;
  const state = card.querySelector(".state");
  state.textContent = job.status;
  state.className = `state ${job.status}`;
  const said = events.filter((event) => event.type === "message").at(-1);
  card.querySelector(".message").textContent = job.error?.message ?? said?.message ?? "";
  showCurve(card, metrics);
  showFigures(card, job, metrics);
  const wanted = buttonsOf(job);
  const row = card.querySelector(".buttons");
  if ([...row.children].map((button) => button.textContent).join() !== wanted.join()) {
    row.replaceChildren(...wanted.map((action) => jobButton(job.id, action)));
  }
}

function jobButton(id, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = action;
  button.addEventListener("click", () =>
    during(button, async () => {
      await post(`/v1/fine_tuning/jobs/${id}/${action}`);
      await showJobs();
    }));
  return button;
}

const settled = new Set();

async function showJobs() {
  const jobs = (await call("/v1/fine_tuning/jobs?limit=50")).data;
  if (jobs.some((job) => !cards.has(job.id))) {
    files = new Map((await call("/v1/files?limit=1000")).data.map((file) => [file.id, file.filename]));
  }
  busy = jobs.some((job) => ACTIVE.includes(job.status));
  let finished = false;
  for (const job of jobs) {
    if (settled.has(job.id)) continue;
    await showJob(job);
    if (!ACTIVE.includes(job.status) && job.status !== "paused") {
      settled.add(job.id);
      finished ||= job.status === "succeeded";
    }
  }
  for (const job of jobs.slice().reverse()) $("jobs").prepend(cards.get(job.id));
  if (finished) await showMemories();
}

async function watchJobs() {
  for (;;) {
    try {
      if (!document.hidden) await showJobs();
    } catch (error) {
      tell(error);
    }
    await later(POLL_MS);
  }
}

// ---- Memories and questions

let base = "";
let listings = 0;
let listed = 0;

/** Shows what there is, unless what was asked for later is shown already. */
async function showMemories() {
  const number = ++listings;
  const models = (await call("/v1/models")).data;
  if (number < listed) return;
  listed = number;
  base = models.find((model) => model.owned_by === "lift4j").id;
  $("base").textContent = `Base model: ${base}.`;
  const memories = models.filter((model) => model.owned_by === "user").sort((one, other) => other.created - one.created);
  const asked = $("memory").value;
  $("memory").replaceChildren(...memories.map(({ id }) => new Option(id, id, false, id === asked)));
  showLibrary(memories);
  $("no-memories").hidden = memories.length > 0;
}

/** Leaves the cards that stay where they are: a card that is replaced or moved loses the focus. */
function showLibrary(memories) {
  const library = $("library");
  const cardOf = new Map([...library.children].map((card) => [card.dataset.memory, card]));
  const ids = new Set(memories.map(({ id }) => id));
  for (const [id, card] of cardOf) if (!ids.has(id)) card.remove();
  memories.forEach((memory, place) => {
    const card = cardOf.get(memory.id) ?? memoryCard(memory);
    const there = library.children[place];
    if (there !== card) library.insertBefore(card, there ?? null);
  });
}

function memoryCard(memory) {
  const card = filled("memory-card");
  card.dataset.memory = memory.id;
  card.querySelector("h3").textContent = memory.id;
  card.querySelector(".figures").textContent = `learned on ${new Date(memory.created * 1000).toLocaleString()}`;
  const ask = card.querySelector(".ask");
  ask.ariaLabel = `Ask ${memory.id}`;
  ask.addEventListener("click", () => {
    $("memory").value = memory.id;
    $("text").focus();
  });
  const take = card.querySelector(".export");
  take.ariaLabel = `Export ${memory.id}`;
  take.addEventListener("click", () => during(take, () => taken(memory.id)));
  const remove = card.querySelector(".delete");
  remove.ariaLabel = `Delete ${memory.id}`;
  remove.addEventListener("click", () => confirmed(memory.id, () => during(remove, () => forget(memory.id))));
  return card;
}

/** Saves a memory as a ZIP file. A plain link would not send the key. */
async function taken(id) {
  const archive = await (await fetched(`/v1/lift/memories/${encodeURIComponent(id)}`)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(archive);
  link.download = `${id}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * Deletes a memory if a person says so; Escape keeps it, and so does Enter at once. The dialog's close event would come late:
 * a person may be asked about the next memory by then.
 */
function confirmed(id, deletion) {
  $("deletion-title").textContent = `Delete ${id}?`;
  $("delete").onclick = () => {
    $("deletion").close();
    deletion();
  };
  $("deletion").showModal();
  $("keep").focus();
}

$("keep").addEventListener("click", () => $("deletion").close());

async function forget(id) {
  try {
    await call(`/v1/models/${encodeURIComponent(id)}`, { method: "DELETE" });
  } finally {
    // Also where it was gone already.
    await showMemories();
    $("library-title").focus();
  }
}

/** The events of a streamed answer, as they come. */
async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith("data: ")) continue;
      if (line === "data: [DONE]") return;
      yield JSON.parse(line.slice("data: ".length));
    }
  }
}

async function answer(memory, mode, question, signal) {
  const [way, evidence] = mode.split(":");
  const card = filled("answer-card");
  card.dataset.mode = mode;
  card.querySelector("h3").textContent = MODES[mode];
  const text = card.querySelector(".answer");
  card.querySelector(".copy").addEventListener("click", () => navigator.clipboard.writeText(text.textContent));
  $("answers").append(card);
  const started = performance.now();
  let first = 0;
  try {
    const response = await fetch("/v1/chat/completions", {
      method: "POST",
      headers: authorised({ "Content-Type": "application/json" }),
      body: JSON.stringify({
        model: memory,
        lift: evidence ? { mode: way, evidence } : { mode: way },
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: "user", content: question }],
      }),
      signal,
    });
    if (!response.ok) throw await refusalOf(response);
    for await (const event of eventsOf(response)) {
      if (event.error) throw new Refusal(500, event.error.message);
      const piece = event.choices?.[0]?.delta?.content;
      if (piece) {
        first ||= performance.now();
        text.append(piece);
      }
      if (event.lift) showEvidence(card, event.lift.evidence);
      if (event.usage) showUsage(card, event.usage, started, first);
    }
  } catch (error) {
    card.querySelector(".figures").textContent = error.name === "AbortError" ? "stopped" : error.message;
    card.classList.toggle("failed", error.name !== "AbortError");
  }
}

function showEvidence(card, passages) {
  const details = card.querySelector("details");
  details.hidden = passages.length === 0;
  details.querySelector("ol").replaceChildren(...passages.map((passage) => {
    const item = document.createElement("li");
    item.textContent = passage;
    return item;
  }));
}

function showUsage(card, usage, started, first) {
  const seconds = (performance.now() - started) / 1000;
  const until = first ? `first word after ${((first - started) / 1000).toFixed(1)} s, ` : "";
  card.querySelector(".figures").textContent =
    `${until}${seconds.toFixed(1)} s in all, ${usage.prompt_tokens} tokens read, ${usage.completion_tokens} written`;
}

$("question").addEventListener("submit", (event) => {
  event.preventDefault();
  const modes = [...event.target.querySelectorAll("[name=mode]:checked")].map((box) => box.value);
  const stopping = new AbortController();
  $("stop").onclick = () => stopping.abort();
  during($("ask-button"), async () => {
    $("answers").replaceChildren();
    $("stop").hidden = false;
    try {
      await Promise.all(modes.map((mode) => answer($("memory").value, mode, $("text").value, stopping.signal)));
    } finally {
      $("stop").hidden = true;
    }
  });
});

$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("question").requestSubmit();
});

$("key").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $("key-value").value);
  $("key").hidden = true;
  quiet();
  begin();
});

let begun = false;

async function begin() {
  try {
    await showMemories();
    if (begun) return;
    begun = true;
    watchJobs();
  } catch (error) {
    tell(error);
  }
}

begin();
