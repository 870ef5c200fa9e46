"""Makes the tiny random checkpoints in src/test/resources/tiny, with the values that the Java tests must reproduce.

Run with Python 3.11, torch 2.13, transformers 5.17, safetensors and gguf 0.19:

    python make_tiny_checkpoints.py ../resources/tiny

tiny/<family>/       config.json, model.safetensors (or shards), expected.json {"ids": [...], "logits": [[...], ...]}
tiny/gguf/<TYPE>.*   one tensor "values" of random blocks, and what gguf.quants.dequantize makes of it (safetensors, F32)
tiny/gguf/<model>.*  whole models with metadata, and the logits of HF transformers from the dequantised weights
"""

import json
import math
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as T
from gguf import GGUFValueType as V
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

VOCABULARY = 128
TOKENS = 40
IDS = [int(i) for i in np.random.default_rng(7).integers(0, VOCABULARY, TOKENS)]

SHARED = {
    "hidden_act": "silu",
    "hidden_size": 32,
    "intermediate_size": 48,
    "max_position_embeddings": 256,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "vocab_size": VOCABULARY,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "attention_bias": False, "mlp_bias": False}
MISTRAL = {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "head_dim": None}
QWEN2 = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "use_sliding_window": False,
         "sliding_window": 32, "max_window_layers": 1}
QWEN3 = {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "attention_bias": False, "head_dim": 16,
         "use_sliding_window": False, "sliding_window": None, "max_window_layers": 2}
LLAMA3_SCALING = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                  "original_max_position_embeddings": 64}

# Written as the models on the hub have them: most with rope_theta and rope_scaling at the top (transformers 4), one
# with rope_parameters (transformers 5), one with the older "type" in place of "rope_type".
FAMILIES = {
    "llama2": LLAMA | {"num_key_value_heads": 4, "tie_word_embeddings": False, "rope_scaling": None},
    "llama3": LLAMA | {"num_key_value_heads": 2, "tie_word_embeddings": True, "rope_scaling": LLAMA3_SCALING,
                       "rope_theta": 500000.0, "eos_token_id": [2, 3], "head_dim": 8},
    "llama-linear": LLAMA | {"num_key_value_heads": 2, "tie_word_embeddings": False,
                             "rope_scaling": {"type": "linear", "factor": 4.0}},
    "smollm2": LLAMA | {"num_attention_heads": 3, "num_key_value_heads": 1, "hidden_size": 48, "rope_theta": 100000.0,
                        "intermediate_size": 32, "tie_word_embeddings": True, "rope_scaling": None},
    "mistral": MISTRAL | {"num_key_value_heads": 2, "tie_word_embeddings": False, "sliding_window": 4096},
    "mistral-window": MISTRAL | {"num_key_value_heads": 2, "tie_word_embeddings": False, "sliding_window": 8},
    "qwen2": QWEN2 | {"num_key_value_heads": 2, "tie_word_embeddings": True, "rms_norm_eps": 1e-6,
                      "rope_theta": 1000000.0},
    "qwen2-yarn": QWEN2 | {"num_key_value_heads": 2, "tie_word_embeddings": False,
                           "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}},
    "qwen3": QWEN3 | {"num_key_value_heads": 2, "tie_word_embeddings": True, "rope_theta": None,
                      "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0}},
}
STORED_AS_BF16 = {"smollm2", "qwen3"}
SHARDED = {"llama2"}


def config_of(family: dict) -> dict:
    config = SHARED | family
    if config["rope_theta"] is None:
        del config["rope_theta"]
    return config


def random_model(config: dict, folder: Path, seed: int, dtype=torch.float32):
    """A model of this config.json with weights large enough that every part of it matters to the logits."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), attn_implementation="eager")
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name:
                value = 1 + 0.3 * noise
            elif name.endswith("bias"):
                value = 0.5 * noise
            else:
                value = noise * 1.5 / math.sqrt(parameter.shape[-1])
            parameter.copy_(value.to(dtype))
    return model.eval()


def state(model) -> dict:
    tied = model.config.tie_word_embeddings
    return {n: t.contiguous() for n, t in model.state_dict().items() if not (tied and n == "lm_head.weight")}


def logits_of(model) -> list:
    with torch.no_grad():
        return model(torch.tensor([IDS])).logits[0].tolist()


def write_expected(path: Path, logits: list):
    shortest = [[float(np.format_float_positional(np.float32(x), unique=True)) for x in row] for row in logits]
    path.write_text(json.dumps({"ids": IDS, "logits": shortest}, separators=(",", ":")) + "\n")


def write_shards(tensors: dict, folder: Path):
    names = sorted(tensors)
    halves = [names[: len(names) // 2], names[len(names) // 2:]]
    weight_map = {}
    for i, part in enumerate(halves):
        file = f"model-{i + 1:05d}-of-00002.safetensors"
        save_file({n: tensors[n] for n in part}, folder / file, {"format": "pt"})
        weight_map |= {n: file for n in part}
    size = sum(t.nbytes for t in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


def make_families(root: Path):
    for seed, (name, family) in enumerate(FAMILIES.items()):
        folder = root / name
        config = config_of(family)
        dtype = torch.bfloat16 if name in STORED_AS_BF16 else torch.float32
        model = random_model(config | {"torch_dtype": str(dtype).removeprefix("torch.")}, folder, seed, dtype)
        tensors = {n: t.to(dtype) for n, t in state(model).items()}
        if name in SHARDED:
            write_shards(tensors, folder)
        else:
            save_file(tensors, folder / "model.safetensors", {"format": "pt"})
        # What is expected comes from the files, as transformers reads them.
        loaded = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        write_expected(folder / "expected.json", logits_of(loaded))


# Where in a block the 16-bit floats stand; all other bytes may be anything.
HALVES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q4_K: [0, 2], T.Q5_K: [0, 2],
          T.Q6_K: [208]}
ROWS, COLUMNS = 3, 512


def random_blocks(kind: T, rng) -> np.ndarray:
    if kind == T.F32:
        return rng.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    if kind == T.F16:
        bits = rng.integers(0, 0x7C00, (ROWS, COLUMNS), dtype=np.uint16) | rng.integers(0, 2, (ROWS, COLUMNS),
                                                                                        dtype=np.uint16) << 15
        return bits.view(np.float16)
    if kind == T.BF16:
        bits = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32).view(np.uint32) >> 16
        return bits.astype(np.uint16).view(np.uint8).reshape(ROWS, -1)
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (ROWS * COLUMNS // elements, size), dtype=np.uint8)
    for at in HALVES[kind]:
        halves = rng.normal(scale=0.05, size=(blocks.shape[0], 1)).astype(np.float16)
        blocks[:, at:at + 2] = halves.view(np.uint8)
    return blocks.reshape(ROWS, -1)


def write_tensor(writer, name: str, data: np.ndarray, kind: T):
    writer.add_tensor(name, data, raw_dtype=None if kind in (T.F32, T.F16) else kind)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make_types(root: Path):
    kinds = [T.F32, T.F16, T.BF16, *HALVES]
    for seed, kind in enumerate(kinds):
        data = random_blocks(kind, np.random.default_rng(seed))
        writer = gguf.GGUFWriter(root / f"{kind.name}.gguf", "llama")
        write_tensor(writer, "values", data, kind)
        finish(writer)
        values = np.ascontiguousarray(gguf.quants.dequantize(data, kind).reshape(ROWS, COLUMNS))
        save_file({"values": torch.from_numpy(values.copy())}, root / f"{kind.name}.safetensors", {"format": "pt"})


def make_metadata(root: Path):
    """Every type of value that a header can have; the Java test knows them by heart."""
    writer = gguf.GGUFWriter(root / "metadata.gguf", "llama")
    for name, value, kind in [
        ("u8", 250, V.UINT8), ("i8", -5, V.INT8), ("u16", 65000, V.UINT16), ("i16", -300, V.INT16),
        ("u32", 4000000000, V.UINT32), ("i32", -70000, V.INT32), ("u64", 2**62, V.UINT64), ("i64", -(2**62), V.INT64),
        ("f32", 1e-5, V.FLOAT32), ("f64", 1e-300, V.FLOAT64), ("bool", True, V.BOOL), ("text", "größer 🙂", V.STRING),
        ("long_text", "x" * 70000, V.STRING),
    ]:
        writer.add_key_value(f"test.{name}", value, kind)
    writer.add_key_value("test.texts", ["a", "", "ж"], V.ARRAY)
    writer.add_key_value("test.integers", [3, -1, 7], V.ARRAY)
    writer.add_key_value("test.reals", [0.5, -2.25], V.ARRAY)
    writer.add_key_value("test.bools", [True, False], V.ARRAY)
    writer.add_key_value("test.nested", [[1, 2], [3]], V.ARRAY)
    write_tensor(writer, "values", np.arange(6, dtype=np.float32).reshape(2, 3), T.F32)
    finish(writer)


def permuted(weight: np.ndarray, heads: int) -> np.ndarray:
    """llama.cpp's order of Llama's query and key rows, as its convert_hf_to_gguf.py has it."""
    return (weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
            .swapaxes(1, 2).reshape(weight.shape))


def unpermuted(weight: np.ndarray, heads: int) -> np.ndarray:
    return (weight.reshape(heads, weight.shape[0] // heads // 2, 2, *weight.shape[1:])
            .swapaxes(1, 2).reshape(weight.shape))


GGUF_MODELS = {
    # name: (config, architecture, the types its matrices take in turn)
    "llama-tied-scaled": (LLAMA | {"num_key_value_heads": 2, "tie_word_embeddings": True, "head_dim": 16,
                                   "intermediate_size": 64, "rope_scaling": LLAMA3_SCALING},
                          "llama", [T.Q4_1, T.Q8_0, T.F32]),
    "llama-untied": (LLAMA | {"num_key_value_heads": 4, "tie_word_embeddings": False, "intermediate_size": 64,
                              "rope_scaling": {"rope_type": "linear", "factor": 2.0}},
                     "llama", [T.Q8_0, T.F16]),
    "qwen2": (QWEN2 | {"num_key_value_heads": 2, "tie_word_embeddings": True, "intermediate_size": 64}, "qwen2",
              [T.Q8_0, T.Q5_0, T.BF16]),
    "qwen3": (QWEN3 | {"num_key_value_heads": 2, "tie_word_embeddings": False, "intermediate_size": 64}, "qwen3", [T.Q5_1, T.Q4_0]),
}


def gguf_names(architecture: str, layers: int):
    arch = {a: k for k, a in gguf.MODEL_ARCH_NAMES.items()}[architecture]
    names = gguf.get_tensor_name_map(arch, layers)
    return lambda name: names.get_name(name, try_suffixes=(".weight", ".bias"))


def rope_divisors(config: dict) -> np.ndarray:
    """As convert_hf_to_gguf.py has it."""
    scaling, dim = config["rope_scaling"], config["head_dim"]
    old = scaling["original_max_position_embeddings"]
    divisors = []
    for freq in 1.0 / (config["rope_theta"] ** (torch.arange(0, dim, 2, dtype=torch.float32) / dim)):
        wavelen = 2 * math.pi / freq
        if wavelen < old / scaling["high_freq_factor"]:
            divisors.append(1)
        elif wavelen > old / scaling["low_freq_factor"]:
            divisors.append(scaling["factor"])
        else:
            smooth = (old / wavelen - scaling["low_freq_factor"]) / (
                scaling["high_freq_factor"] - scaling["low_freq_factor"])
            divisors.append(1 / ((1 - smooth) / scaling["factor"] + smooth))
    return np.array(divisors, dtype=np.float32)


def write_metadata(writer, config: dict):
    heads = config["num_attention_heads"]
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    if "head_dim" in config:
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    scaling = config.get("rope_scaling") or {}
    if scaling.get("rope_type") == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(scaling["factor"])
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([f"t{i}" for i in range(VOCABULARY)])
    writer.add_token_types([1] * VOCABULARY)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template("{% for message in messages %}{{ message['content'] }}{% endfor %}")
    if scaling.get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", rope_divisors(config))


def make_gguf_models(root: Path, scratch: Path):
    for seed, (name, (family, architecture, kinds)) in enumerate(GGUF_MODELS.items()):
        config = config_of(family)
        if config.get("rope_parameters"):
            config["rope_theta"] = config.pop("rope_parameters")["rope_theta"]
        model = random_model(config, scratch / name, 100 + seed)
        writer = gguf.GGUFWriter(root / f"{name}.gguf", architecture)
        write_metadata(writer, config)
        to_gguf = gguf_names(architecture, config["num_hidden_layers"])
        stored = {}
        for i, (tensor_name, tensor) in enumerate(state(model).items()):
            value = tensor.float().numpy()
            heads = next((config[h] for p, h in (("q_proj", "num_attention_heads"), ("k_proj", "num_key_value_heads"))
                          if architecture == "llama" and p in tensor_name), None)
            kind = T.F32 if value.ndim == 1 else kinds[i % len(kinds)]
            data = gguf.quants.quantize(permuted(value, heads) if heads else value, kind)
            write_tensor(writer, to_gguf(tensor_name), data, kind)
            back = gguf.quants.dequantize(data, kind).reshape(value.shape)
            stored[tensor_name] = torch.from_numpy((unpermuted(back, heads) if heads else back).copy())
        finish(writer)
        missing, unexpected = model.load_state_dict(stored, strict=False)
        assert not unexpected and missing in ([], ["lm_head.weight"]), (missing, unexpected)
        model.tie_weights()
        write_expected(root / f"{name}.expected.json", logits_of(model))
        save_file({n: t.contiguous() for n, t in stored.items()}, root / f"{name}.safetensors", {"format": "pt"})


def main():
    root = Path(sys.argv[1])
    (root / "gguf").mkdir(parents=True, exist_ok=True)
    make_families(root)
    make_types(root / "gguf")
    make_metadata(root / "gguf")
    with tempfile.TemporaryDirectory() as scratch:
        make_gguf_models(root / "gguf", Path(scratch))


if __name__ == "__main__":
    main()
