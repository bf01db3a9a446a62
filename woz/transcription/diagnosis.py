"""What transcription needs of this machine, and what of it is amiss: a line each, with the command that mends it.

`python -m woz.transcription.diagnosis` gathers the facts as JSON, since asking torch takes a process of its own.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from woz.base.extras import installer
from woz.parts.place import command, in_own_environment
from woz.transcription.catalogue import CATALOGUE, DEFAULT_MODEL
from woz.transcription.layouts import form_fault, whisper_remark
from woz.transcription.models import (
    SPEECH,
    ModelInfo,
    chosen_whisper,
    find_models,
    is_whole,
    model_fault,
    models_folder,
)
from woz.transcription.token import VARIABLE, token

LEAST_MEMORY_GB = {"cuda": 6.0, "cpu": 4.0}
LEAST_DRIVER = 525
"""The first driver that runs CUDA 12."""
CUDNN_MAJOR = 9
ASK_WITHIN_S = 60
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """`command` mends what is amiss; empty where nothing is."""

    name: str
    text: str
    command: str = ""


def versions() -> dict[str, str]:
    """Of all that must fit together on a GPU, as far as it is loaded or installed."""
    torch: Any = sys.modules.get("torch")
    found = {"torch": _version("torch"), "CTranslate2": _version("ctranslate2")}
    if torch is None:
        found |= {"CUDA": _version("nvidia-cuda-runtime-cu12"), "cuDNN": _version("nvidia-cudnn-cu12")}
    else:
        cudnn = torch.backends.cudnn.version() if torch.backends.cudnn.is_available() else None
        found |= {"CUDA": str(torch.version.cuda or "none"), "cuDNN": _cudnn(cudnn)}
    return {**found, "driver": driver() or "none"}


def driver() -> str:
    """The version of NVIDIA's driver; empty where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    command = [program, "--query-gpu=driver_version", "--format=csv,noheader"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.stdout.strip().splitlines()[0] if asked.returncode == 0 and asked.stdout.strip() else ""


def facts() -> dict[str, Any]:
    """Asked of torch, in this process."""
    torch: Any = importlib.import_module("torch")
    gpu = torch.cuda.is_available()
    memory = torch.cuda.mem_get_info()[1] if gpu else os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "gpu": torch.cuda.get_device_name(0) if gpu else "",
        "driver": driver(),
        "cuda": torch.version.cuda or "",
        "cudnn": torch.backends.cudnn.version() if gpu else 0,
        "memory_gb": memory / 1e9,
    }


def ask() -> dict[str, Any]:
    """The same, asked by a child process; {"error": …} where torch can't even be imported."""
    try:
        asked = subprocess.run(
            command(SPEECH, "woz.transcription.diagnosis"),
            capture_output=True,
            text=True,
            check=False,
            timeout=ASK_WITHIN_S,
        )
        found: dict[str, Any] = json.loads(asked.stdout)
    except (ValueError, OSError, subprocess.TimeoutExpired) as error:
        return {"error": f"{type(error).__name__}"}
    return found


def findings(known: Facts, folder: Path | None = None) -> list[Finding]:
    """Driver, CUDA, cuDNN, memory, model, token, in this order."""
    if "error" in known:
        return [Finding("recognition", f"torch can't be loaded ({known['error']})", "woz add speech")]
    found = [*_gpu(known), _memory(known)]
    return [*found, *_models(known, folder or models_folder()), _token()]


def _gpu(known: Facts) -> list[Finding]:
    if not known["driver"]:
        return [Finding("driver", "no NVIDIA driver: recognition runs on the CPU, with a smaller model")]
    found = [Finding("driver", f"NVIDIA {known['driver']}")]
    if int(str(known["driver"]).split(".")[0]) < LEAST_DRIVER:
        found = [
            Finding("driver", f"NVIDIA {known['driver']} is too old for CUDA 12", "sudo ubuntu-drivers install")
        ]
    if not known["gpu"]:
        text = f"torch for CUDA {known['cuda'] or 'none'} finds no GPU under driver {known['driver']}"
        return [*found, Finding("CUDA", text, _anew("torch==2.8.0"))]
    found.append(Finding("CUDA", f"{known['cuda']} on {known['gpu']}"))
    if int(known["cudnn"] or 0) // 10_000 != CUDNN_MAJOR:
        text = f"cuDNN {_cudnn(known['cudnn'])} is here, CTranslate2 {_version('ctranslate2')} needs cuDNN 9"
        return [*found, Finding("cuDNN", text, _anew("'nvidia-cudnn-cu12>=9,<10'"))]
    return [*found, Finding("cuDNN", _cudnn(known["cudnn"]))]


def _anew(package: str) -> str:
    """Puts a package right where recognition is: in this environment, or in one that is made anew as a whole."""
    if in_own_environment(SPEECH.modules):
        return f"{installer()} --force-reinstall {package}"
    return "woz add speech"


def _memory(known: Facts) -> Finding:
    device = "cuda" if known["gpu"] else "cpu"
    text = f"{known['memory_gb']:.1f} GB on the {'GPU' if known['gpu'] else 'machine'}"
    if known["memory_gb"] < LEAST_MEMORY_GB[device]:
        small = f"is little for {DEFAULT_MODEL[device]}"
        return Finding("memory", f"{text} {small}", "woz models fetch tiny; woz transcribe PROJECT --model tiny")
    return Finding("memory", text)


def _models(known: Facts, folder: Path) -> list[Finding]:
    chosen = chosen_whisper()
    here = [info for info in find_models(folder) if info.path != chosen]
    found = [_broken(info) for info in here if info.fault]
    found += [Finding("model", info.remark, "") for info in here if info.remark]
    if chosen:
        return [*found, *_chosen(chosen)]
    name = DEFAULT_MODEL["cuda" if known["gpu"] else "cpu"]
    if not is_whole("whisper", folder / name) and all(info.path != folder / name for info in here):
        found.append(Finding("model", f"{name} is not in {folder}", f"woz models fetch {name}"))
    return found or [Finding("model", f"{name} in {folder}")]


def _chosen(folder: Path) -> list[Finding]:
    """Of the one Whisper model that `woz models use` was given."""
    fault = model_fault("whisper", folder) if folder.is_dir() else f"{folder} is gone"
    if fault:
        return [Finding("model", fault, "woz models use FOLDER")]
    remark = whisper_remark(folder)
    return [Finding("model", str(folder)), *([Finding("model", remark)] if remark else [])]


def _broken(info: ModelInfo) -> Finding:
    """Mended by fetching it anew, where it can be fetched."""
    known = info.name in {entry.name for entry in CATALOGUE}
    command = f"woz models fetch {info.name}" if known else "woz models use FOLDER"
    if info.missing and not form_fault(info.path):
        return Finding("model", f"{info.name} lacks {', '.join(info.missing)}", command)
    return Finding("model", info.fault, command)


def _token() -> Finding:
    if token():
        return Finding("token", f"kept in {VARIABLE if os.environ.get(VARIABLE) else 'the keyring'}")
    return Finding("token", "none; only fetching pyannote's model needs one", "woz models token")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _cudnn(number: int | None) -> str:
    """90100 is 9.1.0."""
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}" if number else "none"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(facts()))
