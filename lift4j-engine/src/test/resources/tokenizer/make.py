"""Trains the small tokenizers of the tests and writes expected.json (needs the Python package tokenizers)."""
import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "The lighthouse keeper wrote in her diary that the storm of 1887 had taken the western stairs, and that nobody",
    " on the island believed the harbour would be open again before spring. She counted 1,234 waves, then 56 more.",
    "It's what they'd said: you're late, I'm sorry, we've waited, he'll come, DON'T go. The end of the beginning.",
    "def absorb(document, rank=16):\n    for segment in document:\n        loss = model(segment)\n    return loss\n",
    "{\n\t\"name\": \"value\",\n\t\"list\": [1, 2, 3]\n}\r\nif (x != y) { return a[i++] && !b; } // comment\n\n\n",
    "Der Leuchtturmwärter schrieb über die Flut; die Größe der Wellen wuchs. Où êtes-vous, naïve façade déjà vu?",
    "日本語のテキストは空白を使わない。今日は天気がいいですね。中文也没有空格，这是一个例子。한국어 문장도 있습니다.",
    "Привет, как дела? Это пример текста на русском языке. Γειά σου κόσμε. שלום עולם. مرحبا بالعالم. हिन्दी में पाठ।",
    "🙂👩‍👩‍👧 emoji 🎉🎉 and    many     spaces\t\ttabs\n\n\nnewlines ½ cup 10² m Ⅻ o’clock … “quoted” – dash —",
]
SMOL_TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHECKED = TEXTS + [
    "",
    " ",
    "  leading and trailing  ",
    "<|im_start|>user\nhi<|im_end|>\n<s>[INST] x [/INST]</s>",
    "e\u0301 cafe\u0301 \u1100\u1161\u11a8 q\u0323\u0307",
    "a\u0000b\u00a0c\u3000d\u200be",
    "line\r\nline\rline\n\n\tindented",
]


def alphabet():
    return pre_tokenizers.ByteLevel.alphabet()


def special(text):
    return AddedToken(text, special=True, normalized=False)


def save(name, tokenizer, files):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False) + "\n")
    for file, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / file).write_text(text)
    return [
        {"tokenizer": name, "text": t, "ids": tokenizer.encode(t, add_special_tokens=False).ids} for t in CHECKED
    ]


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    names = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=420, initial_alphabet=alphabet(), special_tokens=[special(n) for n in names], show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=4)
    return tokenizer, {
        "tokenizer_config.json": {
            "bos_token": "<|im_start|>",
            "eos_token": {"content": "<|im_end|>", "special": True},
            "pad_token": None,
            "chat_template": [
                {"name": "tool_use", "template": "tools"},
                {"name": "default", "template": SMOL_TEMPLATE},
            ],
        },
        "generation_config.json": {"eos_token_id": [2, 0]},
        "config.json": {"eos_token_id": 2},
    }


def regex():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(PATTERN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=450, initial_alphabet=alphabet(), special_tokens=[], show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_special_tokens([special("<|begin_of_text|>"), special("<|eot_id|>"), special("<|end_of_text|>")])
    tokenizer.add_tokens([AddedToken("    ", normalized=False), AddedToken("<think>", normalized=False)])
    begin = tokenizer.token_to_id("<|begin_of_text|>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin_of_text|> $A", special_tokens=[("<|begin_of_text|>", begin)]
    )
    return tokenizer, {
        "special_tokens_map.json": {"bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"},
        "chat_template.jinja": "{{ bos_token }}{% for m in messages %}{{ m.content }}<|eot_id|>{% endfor %}\n",
    }


def sentencepiece():
    """As transformers converts Llama 2: no splitting at all, merges over the whole text, bytes for the rest."""
    trainer_side = Tokenizer(models.BPE(unk_token="<unk>"))
    trainer_side.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=330, limit_alphabet=120, special_tokens=[], show_progress=False)
    trainer_side.train_from_iterator(TEXTS, trainer)
    learned = json.loads(trainer_side.to_str())["model"]
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    # SentencePiece numbers merged pieces in the order in which it made them, characters last.
    merged = ["".join(pair) for pair in learned["merges"]]
    pieces = list(dict.fromkeys(merged)) + [p for p in learned["vocab"] if len(p) == 1]
    runs = ["▁" * n for n in range(2, 9) if "▁" * n not in pieces]
    order = names + runs + pieces
    vocab = {p: i for i, p in enumerate(order)}
    score = {p: -float(i) for i, p in enumerate(runs + pieces)}
    merges = []
    for piece, s in score.items():
        ways = [
            (piece[:i], piece[i:]) for i in range(1, len(piece)) if piece[:i] in score and piece[i:] in score
        ]
        ways.sort(key=lambda way: (vocab[way[0]], vocab[way[1]]))
        merges += [(left, right, s) for left, right in ways]
    merges.sort(key=lambda m: (m[2], len(m[0]), len(m[1])), reverse=True)
    tokenizer = Tokenizer(
        models.BPE(vocab, [(a, b) for a, b, _ in merges], unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.add_special_tokens([special(n) for n in names[:3]])
    tokenizer.add_tokens([AddedToken("[INST]", normalized=False)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer, {
        "tokenizer_config.json": {"add_bos_token": True, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
        "chat_template.json": {"chat_template": "{{ bos_token }}{{ messages[0].content }}"},
    }


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    trainer = trainers.UnigramTrainer(
        vocab_size=400, special_tokens=[special("<unk>"), special("</s>")], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer, {"tokenizer_config.json": {"eos_token": "</s>"}}


expected = []
for make in (byte_level, regex, sentencepiece, unigram):
    made, others = make()
    if made.truncation:
        full = Tokenizer.from_str(made.to_str())
        full.no_truncation()
        full.no_padding()
        save(make.__name__, made, others)
        expected += [
            {"tokenizer": make.__name__, "text": t, "ids": full.encode(t, add_special_tokens=False).ids} for t in CHECKED
        ]
    else:
        expected += save(make.__name__, made, others)
(HERE / "expected.json").write_text(
    "[\n" + ",\n".join(json.dumps(e, ensure_ascii=False) for e in expected) + "\n]\n"
)
