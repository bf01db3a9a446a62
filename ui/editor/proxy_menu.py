"""What the Play menu says and does of the film's proxy; while it is made the line below says how far it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ui.editor.proxy_loader import ProxyLoader
from ui.editor.status_line import StatusLine
from woz.base.errors import WozError


class ProxyMenu:
    """One entry: make it, give up what is being made, or delete what is there."""

    def __init__(self, menu: QMenu, loader: ProxyLoader, say: Callable[[str], object], status: StatusLine) -> None:
        self._loader, self._say, self._status = loader, say, status
        self.entry = QAction(menu)
        self.entry.triggered.connect(self._do)
        menu.addAction(self.entry)
        loader.progress.connect(lambda part: self._show(part) if loader.making else None)
        loader.ready.connect(self._show)
        loader.failed.connect(self._failed)
        self._show()

    def _failed(self, why: str) -> None:
        self._show()
        self._say(why)

    def _show(self, part: float | None = None) -> None:
        making = part is not None and not self._loader.there
        self._status.show_part("making", f"Scrubbing proxy: {part:.0%}" if making else "")
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
