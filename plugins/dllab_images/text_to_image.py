"""The parts of the text-to-image model of the lab: a complete Stable Diffusion pipeline, only very small.

It works on the pixels of 32 x 32 pictures. Its autoencoder is there because the pipeline wants one: it passes
the pixels through, scaled. So diffusers' own StableDiffusionPipeline loads and runs the folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from dllab_images.captions import all_words

if TYPE_CHECKING:
    from torch import Tensor, nn

SIDE = 32  # px
LONGEST = 48  # tokens of a caption; the fullest one has 40
WIDTH = 96  # of the text encoder
SPECIAL = ("[PAD]", "[UNK]", "[BOS]", "[EOS]")
# Inside the autoencoder values are this much smaller, where the decoder's tanh(x / 3) * 3 is x within 1e-4.
SHRINK = 20.0

UNET = {
    "sample_size": SIDE,
    "in_channels": 3,
    "out_channels": 3,
    "down_block_types": ("DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"),
    "mid_block_type": None,
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
    "block_out_channels": (16, 32, 96),
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "attention_head_dim": 4,
    "cross_attention_dim": WIDTH,
    "time_embedding_dim": 128,
    "resnet_time_scale_shift": "scale_shift",  # the caption as a whole sets gain and shift of every block
    "addition_embed_type": "text",
    "addition_embed_type_num_heads": 4,
}
SCHEDULER = {
    "num_train_timesteps": 1000,
    "beta_schedule": "squaredcos_cap_v2",
    "prediction_type": "v_prediction",
    "clip_sample": True,  # the predicted picture stays in [-1, 1]
    "clip_sample_range": 1.0,
    "set_alpha_to_one": True,
    "steps_offset": 0,
    "timestep_spacing": "trailing",
}


def tokenizer() -> Any:
    """A tokenizer over the words of the captions and their pieces, as transformers' fast tokenizers are.

    WordPiece takes the longest known piece first, so that a Korean noun is found with any particle.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: place for place, word in enumerate((*SPECIAL, *all_words()))}
    inner = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    inner.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    inner.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace()])
    ends = [(name, vocabulary[name]) for name in ("[BOS]", "[EOS]")]
    inner.post_processor = processors.TemplateProcessing(single="[BOS] $A [EOS]", special_tokens=ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        model_max_length=LONGEST,
        pad_token="[PAD]",
        unk_token="[UNK]",
        bos_token="[BOS]",
        eos_token="[EOS]",
    )


def tokens(words: Any, captions: list[str]) -> Tensor:
    """Captions as (N, LONGEST) numbers of tokens, as the pipeline makes them."""
    return words(
        captions, padding="max_length", max_length=LONGEST, truncation=True, return_tensors="pt"
    ).input_ids


def text_encoder(vocabulary: int) -> nn.Module:
    """A CLIP text encoder of two layers with random weights."""
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary,
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=LONGEST,
            pad_token_id=0,
            bos_token_id=2,
            eos_token_id=3,
        )
    )


def unet() -> nn.Module:
    """The net that takes noise away, with random weights."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(**UNET)


def autoencoder() -> nn.Module:
    """An AutoencoderTiny that passes pixels: decode(encode(x)) is x within 1e-3, and the latents are x."""
    from diffusers import AutoencoderTiny

    net = AutoencoderTiny(
        latent_channels=3,
        encoder_block_out_channels=(3,),
        decoder_block_out_channels=(3,),
        num_encoder_blocks=(0,),
        num_decoder_blocks=(0,),
        scaling_factor=SHRINK,
    )
    first, last = (layer for layer in net.encoder.layers if isinstance(layer, torch.nn.Conv2d))
    opened, closed = (layer for layer in net.decoder.layers if isinstance(layer, torch.nn.Conv2d))
    # The encoder sees (x + 1) / 2 and gives x / SHRINK; the decoder's ReLU sees (x + 1) / 2 again.
    for layer, gain, shift in (
        (first, 1.0, 0.0),
        (last, 2 / SHRINK, -1 / SHRINK),
        (opened, SHRINK / 2, 0.5),
        (closed, 1.0, 0.0),
    ):
        with torch.no_grad():
            layer.weight.zero_()
            for channel in range(3):
                layer.weight[channel, channel, 1, 1] = gain
            layer.bias.fill_(shift)
    return net.eval()


def save_pipeline(folder: Path, net: nn.Module, reader: nn.Module, words: Any) -> None:
    """Write a pipeline folder as diffusers does: safetensors in float16, the text encoder in float32."""
    import copy

    from diffusers import DDIMScheduler

    parts = {"unet": net, "text_encoder": reader, "vae": autoencoder()}
    for name, part in parts.items():
        # transformers loads in the format of the file, diffusers in float32: mixed, they could not run.
        part = copy.deepcopy(part).float() if name == "text_encoder" else copy.deepcopy(part).half()
        part.save_pretrained(folder / name, safe_serialization=True)
    DDIMScheduler(**SCHEDULER).save_pretrained(folder / "scheduler")
    words.save_pretrained(folder / "tokenizer")
    index = {
        "_class_name": "StableDiffusionPipeline",
        "_diffusers_version": "0.36.0",
        "feature_extractor": [None, None],
        "image_encoder": [None, None],
        "requires_safety_checker": False,
        "safety_checker": [None, None],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderTiny"],
    }
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
