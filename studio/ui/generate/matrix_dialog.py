"""Queue many: which fields take which values, what that gives, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.errors import BadInput
from studio.ui.generate.matrix_axis import AxisRow
from studio.ui.generate.matrix_model import MANY, SEED, Axis, Matrix
from studio.ui.kit.controls import NumberBox, button, label
from studio.ui.kit.dialogs import Dialog, QuestionDialog
from studio.ui.kit.form_model import FormField, FormModel, ModelChoices
from studio.ui.kit.locales import number
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

PREVIEWED = 12
MAX_COUNT = 100
DELAY_MS = 120


class MatrixDialog(Dialog):
    """Calls `chosen(matrix)`. `cost(count)` tells in words what so many results take."""

    def __init__(
        self,
        parent: QWidget | None,
        model: FormModel,
        seed: int,
        models: ModelChoices,
        cost: Callable[[int], str],
        chosen: Callable[[Matrix], object],
    ) -> None:
        super().__init__(parent, tr("Queue many"), width=88 * UNIT)
        self._model, self._seed, self._models = model, seed, models
        self._cost, self._chosen = cost, chosen
        self.rows: list[AxisRow] = []
        self.matrix: Matrix | None = None
        self.body.addWidget(
            label(
                tr("Every combination of these values becomes a result; everything else is as in the form."),
                "muted",
                wrap=True,
            )
        )
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, UNIT + UNIT // 2, 0)
        self._column.setSpacing(UNIT)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(22 * UNIT)
        self.body.addWidget(scroll, 3)
        self.add = button(tr("Add a field"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self.add_row)
        self.count = NumberBox(1, MAX_COUNT, 1, "", whole=True)
        self.count.setMinimumWidth(9 * UNIT)
        self.count.valueChanged.connect(self._wait)
        each = label(tr("Results of each, with different seeds"))
        each.setBuddy(self.count)
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        line.addWidget(self.add)
        line.addStretch(1)
        line.addWidget(each)
        line.addWidget(self.count)
        self.body.addLayout(line)
        self.table = QTableWidget()
        self.table.setProperty("role", "card")
        self.table.setAccessibleName(tr("The first combinations"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        self.table.setMinimumHeight(18 * UNIT)
        self.body.addWidget(self.table, 2)
        self.told = label("", "muted", wrap=True)
        self.wrong = label("", "error", wrap=True)
        self.body.addWidget(self.told)
        self.body.addWidget(self.wrong)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Add to the queue"), self._accept, role="primary")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.refresh)
        self.add_row()
        self.resize(self.minimumWidth(), 80 * UNIT)

    def add_row(self) -> AxisRow:
        """The first row varies the seed; every further one begins with the next field."""
        used = [row.field for row in self.rows]
        fields: list[FormField | None] = [None, *self._fields()]
        row = AxisRow(fields, self._models, self._seed)
        free = [place for place, field in enumerate(fields) if field is not None and field not in used]
        row.choose.setCurrentIndex(free[0] if free and self.rows else 0)
        row._on_field()
        row.changed.connect(self._wait)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        self.refresh()
        return row

    def refresh(self) -> None:
        """Reads the rows and shows what they give."""
        self.matrix, problem = None, ""
        try:
            self.matrix = self._read()
            count = self.matrix.total
            self.told.setText(tr("{cost}.", cost=self._cost(count)))
        except BadInput as error:
            problem, count = str(error), 0
            self.told.setText("")
        self.wrong.setText(problem)
        self.wrong.setVisible(bool(problem))
        self.told.setVisible(not problem)
        self._show_first()
        self.go.setEnabled(not problem and count > 0)
        words = trn("Add {count} to the queue", "Add {count} to the queue", count)
        self.go.setText(words if count else tr("Add to the queue"))

    def _fields(self) -> list[FormField]:
        """Those that are shown, and those that may be once another field varies."""
        deciding = {
            spec["x-ui"]["when"]["field"]
            for spec in self._model.schema.get("properties", {}).values()
            if spec.get("x-ui", {}).get("when")
        }
        varied = {row.field.name for row in self.rows if row.field is not None}
        shown = set(self._model.shown())
        return [field for field in self._model.fields if field.name in shown or varied & deciding]

    def _read(self) -> Matrix:
        """Raises BadInput where something is not right yet."""
        axes: list[Axis] = []
        for row in self.rows:
            axis = row.axis()
            if axis.name in [other.name for other in axes]:
                raise BadInput(tr("“{field}” is there twice.", field=axis.title))
            axes.append(axis)
        values = self._model.usable_values()
        count = int(self.count.number())
        matrix = Matrix(self._model.schema, values, axes, self._seed, count)
        for name, problem in matrix.check().items():
            title = next(axis.title for axis in axes if axis.name == name)
            raise BadInput(tr("{field}: {problem}.", field=title, problem=problem))
        return matrix

    def _show_first(self) -> None:
        matrix = self.matrix
        try:
            first = matrix.first(PREVIEWED) if matrix is not None else []
        except BadInput:
            first = []
        axes = [axis for axis in matrix.axes if axis.name != SEED] if matrix is not None else []
        titles = [*(axis.title for axis in axes), tr("Seed")]
        self.table.setColumnCount(len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setRowCount(len(first))
        for row, combination in enumerate(first):
            for column, axis in enumerate(axes):
                value = combination.values[axis.name]
                place = next(n for n, own in enumerate(axis.values) if own == value)
                self.table.setItem(row, column, QTableWidgetItem(axis.labels[place]))
            self.table.setItem(row, len(axes), QTableWidgetItem(str(combination.seed)))

    def _remove(self, row: AxisRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()
        self.refresh()

    def _wait(self) -> None:
        self._timer.start()

    def _accept(self) -> None:
        self.refresh()
        matrix = self.matrix
        if matrix is None or not self.go.isEnabled():
            return
        if matrix.total <= MANY:
            self._start()
            return
        QuestionDialog(
            self,
            tr("Add {count} results to the queue?", count=number(matrix.total)),
            tr("{cost}. You can cancel the batch in the queue at any time.", cost=self._cost(matrix.total)),
            [(tr("Add them"), self._start)],
        ).open()

    def _start(self) -> None:
        matrix = self.matrix
        self.accept()
        if matrix is not None:
            self._chosen(matrix)
