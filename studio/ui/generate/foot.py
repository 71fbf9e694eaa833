"""What stands below every form: the seed, the device, the buttons, and what it will cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.backends.plan_words import device_words
from studio.ui.generate.seed_row import SeedRow
from studio.ui.kit.controls import ComboBox, button, label, restyle
from studio.ui.kit.form_parts import YieldingRow
from studio.ui.kit.theme import UNIT
from studio.words import tr


class GenerateFoot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.seed = SeedRow()
        self.device = ComboBox()
        self.device.setAccessibleName(tr("Compute on"))
        compute_on = label(tr("Compute on"))
        compute_on.setBuddy(self.device)
        self._device_row = YieldingRow(compute_on, self.device, spacing=UNIT // 2)
        self._device_row.hide()
        self.now = button(tr("Generate"), "big")
        self.now.setToolTip(tr("Now, ahead of what waits (Ctrl+Return)"))
        self.queue = button(tr("Add to queue"), "compact")
        self.queue.setToolTip(tr("At the end of the queue (Ctrl+Shift+Return)"))
        self.many = button(tr("Queue many…"), "compact")
        self.many.setToolTip(tr("Every combination of several values, in one batch"))
        self.from_folders = button(tr("From folders…"), "quiet")
        self.reason = label("", "small", wrap=True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._cost, self._fits = "", True
        self._folders = self._short = False
        column = QVBoxLayout(self)
        column.setSpacing(UNIT)
        for part in (self.seed, self._device_row, self.now, self.reason):
            column.addWidget(part)
        column.addWidget(YieldingRow(self.queue, self.many, equal=True))
        column.addWidget(self.from_folders, 0, Qt.AlignmentFlag.AlignHCenter)

    def offer_folders(self, on: bool) -> None:
        self._folders = on
        self.from_folders.setVisible(on and not self._short)

    def set_short(self, on: bool) -> None:
        """Where there is little height: what the menus have too is left out."""
        self._short = on
        self.from_folders.setVisible(self._folders and not on)

    def set_devices(self, devices: Sequence[str], chosen: str) -> None:
        self.device.clear()
        for device in devices:
            self.device.addItem(device_words(device), device)
        self.device.setCurrentIndex(max(0, self.device.findData(chosen)))
        self._device_row.setVisible(len(devices) > 1)

    def choose_device(self, device: str) -> None:
        """Stays where it is for one that is not offered."""
        place = self.device.findData(device)
        if place >= 0:
            self.device.setCurrentIndex(place)

    def device_id(self) -> str:
        return str(self.device.currentData() or "cpu")

    def set_ready(self, reason: str, *, pressable: bool) -> None:
        for one in (self.now, self.queue, self.many):
            one.setEnabled(pressable)
        self._tell(reason or self._cost)

    def show_cost(self, words: str, *, fits: bool = True) -> None:
        """What it will cost stands where otherwise is said why nothing can be generated. `fits`: whether the
        computer can do it at all."""
        was, self._cost, self._fits = self._cost, words, fits
        if self.reason.text() in (was, ""):
            self._tell(words)

    def _tell(self, words: str) -> None:
        self.reason.setText(words)
        too_large = not self._fits and words == self._cost
        restyle(self.reason, "role", "error" if too_large else "small")
        self.reason.setVisible(bool(words))
