"""Makes src/test/resources/tiny: a tiny random Llama with a byte-level tokenizer and a chat template.

Usage: make_tiny.py TOKENIZER_FOLDER OUT   (needs torch, transformers, tokenizers)
"""
import json
import shutil
import sys

import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

source, out = sys.argv[1], sys.argv[2]
vocabulary = Tokenizer.from_file(f"{source}/tokenizer.json").get_vocab_size()
torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=vocabulary,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    tie_word_embeddings=True,
    eos_token_id=0,
)
LlamaForCausalLM(config).save_pretrained(out)
shutil.copy(f"{source}/tokenizer.json", out)
template = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
json.dump({"chat_template": template}, open(f"{out}/tokenizer_config.json", "w"))
