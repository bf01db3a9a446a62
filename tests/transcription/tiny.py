"""Tiny models with random weights, in the forms that whisperx loads: they run the real code, and know nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import yaml
from ctranslate2.converters import TransformersConverter
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding.xvector import XVectorSincNet
from pyannote.audio.models.segmentation.PyanNet import PyanNet
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    Wav2Vec2Processor,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperTokenizerFast,
)
from transformers.models.whisper.tokenization_whisper import LANGUAGES as ALL_LANGUAGES

LANGUAGES = tuple(ALL_LANGUAGES)[:99]
TEXT_TOKENS = 50_257
"""What a multilingual Whisper has before its special tokens; by this size CTranslate2 knows it."""
WORDS = 30
"""So many come out of each half minute, whatever is heard."""
EMBEDDED = 128
"""The PLDA of pyannote's pipeline keeps so many dimensions."""


@dataclass(frozen=True)
class Size:
    """Of a Whisper: layers of the encoder and of the decoder, width, heads, mel bands, precision it is kept in."""

    layers: int = 2
    width: int = 64
    heads: int = 2
    mels: int = 80
    kept_in: str = "int8"


SIZES = {"tiny": Size(), "small": Size(12, 768, 12), "large-v3": Size(32, 1280, 20, 128, "float16")}
"""By the names of the published models that are as large; the first is what tests use."""


def make_whisper(folder: Path, size: Size = Size()) -> Path:
    """A Whisper with random weights in CTranslate2 form."""
    torch.manual_seed(1)
    source = folder / "source"
    tokenizer = _whisper_tokenizer()
    special = {name: tokenizer.token_to_id(name) for name in ("<|endoftext|>", "<|startoftranscript|>")}
    config = WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(),
        d_model=size.width,
        encoder_layers=size.layers,
        decoder_layers=size.layers,
        encoder_attention_heads=size.heads,
        decoder_attention_heads=size.heads,
        encoder_ffn_dim=_inner(size),
        decoder_ffn_dim=_inner(size),
        num_mel_bins=size.mels,
        max_target_positions=448,
        decoder_start_token_id=special["<|startoftranscript|>"],
        bos_token_id=special["<|endoftext|>"],
        eos_token_id=special["<|endoftext|>"],
        pad_token_id=special["<|endoftext|>"],
        suppress_tokens=[],
        begin_suppress_tokens=[special["<|endoftext|>"]],
    )
    model = WhisperForConditionalGeneration(config)
    _end_after(model, WORDS, special["<|endoftext|>"])
    model.generation_config.alignment_heads = [[0, 0]]
    model.generation_config.lang_to_id = {f"<|{c}|>": tokenizer.token_to_id(f"<|{c}|>") for c in LANGUAGES}
    model.save_pretrained(source)
    tokenizer.save(str(source / "tokenizer.json"))
    WhisperTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|endoftext|>", bos_token="<|endoftext|>", unk_token="<|endoftext|>"
    ).save_pretrained(source)
    tokenizer.save(str(source / "tokenizer.json"))
    WhisperFeatureExtractor(feature_size=size.mels).save_pretrained(source)
    target = folder / "tiny-whisper"
    converter = TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"])
    converter.convert(str(target), quantization=size.kept_in)
    _name_languages(target / "config.json", tokenizer)
    return target


def _inner(size: Size) -> int:
    return size.width * 4 if size.width > 64 else 64


def _end_after(model: WhisperForConditionalGeneration, words: int, end: int) -> None:
    """From this position on, the state points at the token that ends the text."""
    decoder = model.model.decoder
    with torch.no_grad():
        token = torch.nn.functional.normalize(torch.randn(decoder.embed_tokens.embedding_dim), dim=0)
        decoder.embed_tokens.weight[end] = token
        decoder.embed_positions.weight[words:] += 20 * token


def _name_languages(config: Path, tokenizer: Tokenizer) -> None:
    """The converter finds them in published models only."""
    known = json.loads(config.read_text())
    known["lang_ids"] = [tokenizer.token_to_id(f"<|{code}|>") for code in LANGUAGES]
    config.write_text(json.dumps(known))


LETTERS = "abcdefghijklmnopqrstuvwxyz'0123456789"
ACCENTED = "äöüßàâçéèêëîïôûùìòóíñú"
KANA = "".join(chr(code) for code in range(ord("ぁ"), ord("ん") + 1))
IDEOGRAPHS = "的一是不了人我在有他这为之大来以个中上们"


def make_aligner(folder: Path, name: str = "tiny-aligner", more: str = "", whole: bool = False) -> Path:
    """A Wav2Vec2 with a CTC head over letters; a `whole` one has the published base model's size (95 million)."""
    torch.manual_seed(2)
    target = folder / name
    target.mkdir(parents=True)
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *LETTERS, *more]
    vocabulary = target / "vocab.json"
    vocabulary.write_text(json.dumps({letter: i for i, letter in enumerate(letters)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary), word_delimiter_token="|")
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(target)
    small = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "conv_dim": (32,) * 7,
        "num_conv_pos_embeddings": 16,
        "num_conv_pos_embedding_groups": 2,
    }
    Wav2Vec2ForCTC(Wav2Vec2Config(vocab_size=len(letters), **({} if whole else small))).save_pretrained(target)
    return target


def make_diarizer(folder: Path) -> Path:
    """A pyannote pipeline of the community kind: segmentation of three speakers, embedding, PLDA, all local."""
    torch.manual_seed(3)
    target = folder / "tiny-diarizer"
    _keep_model(_segmentation(), target / "segmentation")
    _keep_model(_embedding(), target / "embedding")
    _keep_plda(target / "plda")
    params = {name: f"$model/{name}" for name in ("segmentation", "embedding", "plda")}
    pipeline = {
        "name": "pyannote.audio.pipelines.SpeakerDiarization",
        "params": {**params, "clustering": "VBxClustering", "embedding_exclude_overlap": True},
    }
    tuned = {"clustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8}, "segmentation": {"min_duration_off": 0.0}}
    config = {"dependencies": {"pyannote.audio": "4.0.0"}, "pipeline": pipeline, "params": tuned}
    (target / "config.yaml").write_text(yaml.safe_dump(config))
    return target


def _segmentation() -> PyanNet:
    lstm, linear = {"hidden_size": 8, "num_layers": 1}, {"hidden_size": 8, "num_layers": 1}
    model = PyanNet(lstm=lstm, linear=linear)
    model.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=5.0,
        classes=["a", "b", "c"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    model.build()
    torch.nn.init.normal_(model.classifier.weight, std=4.0)
    return model


def _embedding() -> XVectorSincNet:
    model = XVectorSincNet(dimension=EMBEDDED)
    model.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0, classes=["a", "b"]
    )
    model.build()
    return model


def _keep_model(model: PyanNet | XVectorSincNet, folder: Path) -> None:
    """As pyannote's own training keeps a model."""
    folder.mkdir(parents=True)
    checkpoint = {"state_dict": model.state_dict(), "hyper_parameters": dict(model.hparams)}
    checkpoint["pytorch-lightning_version"] = "2.0.0"
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "pytorch_model.bin")


def _keep_plda(folder: Path) -> None:
    folder.mkdir(parents=True)
    rng = np.random.default_rng(4)
    lda = np.linalg.qr(rng.normal(size=(EMBEDDED, EMBEDDED)))[0]
    np.savez(folder / "xvec_transform.npz", mean1=np.zeros(EMBEDDED), mean2=np.zeros(EMBEDDED), lda=lda)
    psi = np.linspace(4, 1, EMBEDDED)
    np.savez(folder / "plda.npz", mu=np.zeros(EMBEDDED), tr=np.eye(EMBEDDED), psi=psi)


def _whisper_tokenizer() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [f"Ġ{_word(i)}" for i in range(TEXT_TOKENS - len(alphabet))]
    vocabulary = {token: i for i, token in enumerate([*alphabet, *words])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in LANGUAGES)]
    special += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>"]
    special += ["<|notimestamps|>", *(f"<|{i * 0.02:.2f}|>" for i in range(1501))]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


def _word(number: int) -> str:
    letters = []
    for _ in range(4):
        number, rest = divmod(number, 26)
        letters.append(chr(ord("a") + rest))
    return "".join(letters)


def make_all(folder: Path) -> None:
    """One of each, and aligners for alphabets of several languages."""
    torch.set_num_threads(1)
    make_whisper(folder)
    make_aligner(folder)
    make_aligner(folder, "tiny-aligner-accents", ACCENTED)
    make_aligner(folder, "tiny-aligner-kana", KANA)
    make_aligner(folder, "tiny-aligner-ideographs", IDEOGRAPHS)
    make_diarizer(folder)
