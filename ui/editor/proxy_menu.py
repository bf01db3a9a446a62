"""What the Play menu says and does of the film's proxy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ui.editor.proxy_loader import ProxyLoader
from woz.base.errors import WozError


class ProxyMenu:
    """One entry: make it, give up what is being made, or delete what is there."""

    def __init__(self, menu: QMenu, loader: ProxyLoader, say: Callable[[str], object]) -> None:
        self._loader, self._say = loader, say
        self.entry = QAction(menu)
        self.entry.triggered.connect(self._do)
        menu.addAction(self.entry)
        loader.progress.connect(lambda part: self._show(part) if loader.making else None)
        loader.ready.connect(self._show)
        loader.failed.connect(say)
        self._show()

    def _show(self, part: float | None = None) -> None:
        if self._loader.there:
            self.entry.setText("Delete the proxy that makes scrubbing quick")
        elif part is not None:
            self.entry.setText(f"Stop making the proxy ({part * 100:.0f} % done)")
        else:
            self.entry.setText("Make a proxy, so that scrubbing is quick")

    def _do(self) -> None:
        if self._loader.there or self._loader.making:
            try:
                self._loader.delete()
            except WozError as error:
                self._say(str(error))
            self._show()
        else:
            self._loader.make()
