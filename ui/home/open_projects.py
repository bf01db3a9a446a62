"""The projects that are open side by side, a tab each; one of them is shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabBar, QWidget


class OpenProjects(QTabBar):
    """`chosen` carries the path of the project that shall be shown. With one project alone nothing is seen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Open projects")
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setExpanding(False)
        self.currentChanged.connect(self._choose)
        self.tabCloseRequested.connect(self._close)
        self._fit()

    @property
    def paths(self) -> list[str]:
        return [str(self.tabData(at)) for at in range(self.count())]

    def show_project(self, path: str) -> None:
        """Its tab is the chosen one; a new one for a project that wasn't open."""
        self.blockSignals(True)
        if path not in self.paths:
            at = self.addTab(Path(path).name)
            self.setTabData(at, path)
            self.setTabToolTip(at, path)
        self.setCurrentIndex(self.paths.index(path))
        self.blockSignals(False)
        self._fit()

    def forget(self, path: str) -> None:
        """A project that can't be opened any more."""
        if path in self.paths:
            self.blockSignals(True)
            self.removeTab(self.paths.index(path))
            self.blockSignals(False)
            self._fit()

    def step(self, by: int) -> None:
        if self.count():
            self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def _choose(self, at: int) -> None:
        if at >= 0:
            self.chosen.emit(str(self.tabData(at)))

    def _close(self, at: int) -> None:
        if self.count() > 1:
            self.removeTab(at)
            self._fit()

    def _fit(self) -> None:
        self.setVisible(self.count() > 1)
