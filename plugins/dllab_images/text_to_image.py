"""The parts of the text-to-image model of the lab: a complete Stable Diffusion pipeline, only very small.

An autoencoder has codes of 8 x 8 places for pictures of 32 x 32 pixels; a UNet takes noise away from codes,
led by a text encoder. All are classes of diffusers and transformers; StableDiffusionPipeline runs them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab_images.captions import all_words

if TYPE_CHECKING:
    from torch import Tensor, nn

SIDE = 32  # px
LONGEST = 48  # tokens of a caption; the fullest one has 40
WIDTH = 96  # of the text encoder
SPECIAL = ("[PAD]", "[UNK]", "[BOS]", "[EOS]")
PATCH = 4  # px: the side of what one place of a code stands for
CODE, CHANNELS = SIDE // PATCH, 32  # places of a code in a row; numbers at each place

UNET = {
    "sample_size": CODE,
    "in_channels": CHANNELS,
    "out_channels": CHANNELS,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "mid_block_type": None,
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    "block_out_channels": (64, 128),
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "attention_head_dim": 4,
    "cross_attention_dim": WIDTH,
    "time_embedding_dim": 256,
    "resnet_time_scale_shift": "scale_shift",  # the caption as a whole sets gain and shift of every block
    "addition_embed_type": "text",
    "addition_embed_type_num_heads": 4,
}
AUTOENCODER = {
    "latent_channels": CHANNELS,
    "encoder_block_out_channels": (48, 48, 48),  # the 48 numbers of a patch of 4 x 4 pixels
    "num_encoder_blocks": (0, 0, 0),  # linear: see portrait_codes
    "decoder_block_out_channels": (32, 32, 32),
    "num_decoder_blocks": (2, 1, 1),
    "scaling_factor": 1.5,
}
SCHEDULER = {
    "num_train_timesteps": 1000,
    "beta_schedule": "squaredcos_cap_v2",
    "prediction_type": "v_prediction",
    "clip_sample": False,
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
    """Pictures (N, 3, 32, 32) in [-1, 1] to codes (N, 32, 8, 8) and back, with random weights."""
    from diffusers import AutoencoderTiny

    net = AutoencoderTiny(**AUTOENCODER)
    _at_scale(net.decoder)
    return net


def _at_scale(decoder: nn.Module) -> None:
    """Draw weights by which layers keep the spread of what they see, and blocks begin near the identity.

    With torch's own the decoder has no norms to lift signals that fade, and learns several times more slowly.
    Source: He et al. 2015; the small last layer of a residual block as in Zhang et al. 2019.
    """
    from diffusers.models.autoencoders.vae import AutoencoderTinyBlock
    from torch import nn, no_grad

    inner = [layer for layer in decoder.modules() if isinstance(layer, AutoencoderTinyBlock)]
    before_relu = {id(layer) for block in inner for layer in block.conv}
    with no_grad():
        for layer in decoder.modules():
            if isinstance(layer, nn.Conv2d):
                kind = "relu" if id(layer) in before_relu else "linear"
                nn.init.kaiming_normal_(layer.weight, nonlinearity=kind)
                if layer.bias is not None:
                    layer.bias.zero_()
        for block in inner:
            block.conv[-1].weight.mul_(0.1)


def save_pipeline(folder: Path, net: nn.Module, reader: nn.Module, vae: nn.Module, words: Any) -> None:
    """Write a pipeline folder as diffusers does: safetensors in float16, the text encoder in float32."""
    import copy

    from diffusers import DDIMScheduler

    parts = {"unet": net, "text_encoder": reader, "vae": vae}
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
