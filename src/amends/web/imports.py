"""Importing a file: upload, say what its columns mean, look at the first rows, start, leave, fetch errors."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_import
from amends.core.file_map.file_map import YES, FileMap
from amends.inbox.import_file import ImportRefused
from amends.inbox.import_source import OWN_COLUMNS, PreviewRow, Source, UnusableInput, open_source
from amends.inbox.models import FileImport, ImportStatus
from amends.inbox.queries import imports_visible_to
from amends.inbox.upload import errors_file, keep_upload, start_upload, stop_upload
from amends.web.import_form import PARTS, MapForm, example_of, initial_columns
from amends.web.pages import DeskRequest, action, page
from amends.web.person_fields import likely_zone

LATEST = 50  # imports in the history
TOLD = 50  # problems shown on the page; the file has them all
CELL = 160  # characters of a cell


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the preview with what is wrong about it."""

    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview."""

    number: int
    cells: list[Cell]
    problem: str  # of the whole row


@page(may=may_import, to_post=may_import)
def imports(request: DeskRequest) -> HttpResponse:
    """Choose a file, and the history of imports."""
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        brand = request.workspace.brands.order_by("pk").first()
        if upload is None or brand is None:
            problem = _("Choose a file first.")
        else:
            try:
                run = keep_upload(
                    upload.chunks(),
                    name=Path(upload.name or "file").name,
                    workspace=request.workspace,
                    brand=brand,
                    by=request.user,
                    now=request.clock.now(),
                )
            except UnusableInput as refused:
                problem = str(refused)
            else:
                return HttpResponseRedirect(reverse("import_page", args=[run.pk]))
    runs = imports_visible_to(request.user, workspace=request.workspace)[:LATEST]
    context = {
        "runs": runs,
        "problem": problem,
        "limit": settings.IMPORT_MAX_BYTES // 1024**2,
        "now": request.clock.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "import/imports.html", context, status=status)


@page(may=may_import, to_post=may_import)
def import_page(request: DeskRequest, pk: int) -> HttpResponse:
    """The columns while it is prepared; then how far it is, and what became of it."""
    run = _find(request, pk)
    if run.status != ImportStatus.MAPPING:
        if request.method == "POST":
            messages.error(request, _("This import was begun already."))
            return HttpResponseRedirect(reverse("import_page", args=[run.pk]))
        return render(request, "import/run.html", _result(request, run))
    try:
        source = open_source(Path(run.path), name=run.file_name)
    except UnusableInput as gone:
        messages.error(request, str(gone))
        return HttpResponseRedirect(reverse("imports"))
    return _map_step(request, run, source=source)


@page(may=may_import)
def progress(request: DeskRequest, pk: int) -> HttpResponse:
    """How far it is; once it has ended, the whole page is asked for anew."""
    run = _find(request, pk)
    response = render(request, "import/progress.html", {"run": run, "now": request.clock.now()})
    if not run.is_running:
        response.headers["HX-Refresh"] = "true"
    return response


@action(may=may_import)
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop it, or throw the upload away."""
    run = _find(request, pk)
    try:
        stop_upload(run, by=request.user, now=request.clock.now())
    except (ImportRefused, UnusableInput) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The import is stopped. What came in stays."))
    return HttpResponseRedirect(reverse("imports"))


@page(may=may_import)
def errors(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The rows that were not taken, as CSV."""
    run = _find(request, pk)
    path = errors_file(run)
    if path is None:
        messages.error(request, _("There is no errors file any more."))
        return HttpResponseRedirect(reverse("import_page", args=[run.pk]))
    name = f"errors-{run.pk}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv")


def _map_step(request: DeskRequest, run: FileImport, *, source: Source) -> HttpResponse:
    columns = [one for one in source.columns if one not in OWN_COLUMNS]
    of_file = {"workspace": request.workspace, "columns": columns}
    if request.method != "POST":
        form = MapForm(initial=_first_guess(run, source=source), **of_file)  # type: ignore[arg-type]
        guessed = MapForm(data=form.initial, **of_file)  # type: ignore[arg-type]
        file_map = guessed.wanted().file_map if guessed.is_valid() else None
        return _show_map(request, run, source=source, form=form, file_map=file_map)
    form = MapForm(request.POST, **of_file)  # type: ignore[arg-type]
    wanted = form.wanted() if form.is_valid() else None
    if wanted is not None and request.POST.get("act") == "start":
        try:
            start_upload(
                run,
                source=source,
                values=wanted.values,
                by=request.user,
                now=request.clock.now(),
            )
        except ImportRefused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(reverse("import_page", args=[run.pk]))
    file_map = wanted.file_map if wanted else None
    return _show_map(request, run, source=source, form=form, file_map=file_map)


def _show_map(
    request: DeskRequest,
    run: FileImport,
    *,
    source: Source,
    form: MapForm,
    file_map: FileMap | None,
) -> HttpResponse:
    columns = [one for one in source.columns if one not in OWN_COLUMNS]
    now = request.clock.now()
    rows = (
        source.preview(file_map, now=now)
        if file_map
        else [PreviewRow(row.number, row.values, ()) for row in source.first_rows(20)]
    )
    meant = {name: PARTS[part] for part, name in file_map.columns.items()} if file_map else {}
    lines = [_line(row, columns=columns) for row in rows]
    context: dict[str, Any] = {
        "run": run,
        "form": form,
        "columns": [(name, meant.get(name, "")) for name in columns],
        "lines": lines,
        "is_readable": file_map is not None,
        "wrong": sum(bool(row.problems) for row in rows),
    }
    is_part = bool(request.headers.get("HX-Request")) and request.method == "POST"
    has_mistakes = form.is_bound and bool(form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_mistakes and not is_part else HTTPStatus.OK
    template = "import/preview.html" if is_part else "import/map.html"
    return render(request, template, context, status=status)


def _line(row: PreviewRow, *, columns: list[str]) -> Line:
    wrong = {one.column: _words(one.template, one.params) for one in row.problems}
    cells = [Cell(_short(row.values.get(name)), wrong.get(name, "")) for name in columns]
    return Line(row.number, cells, wrong.get("", ""))


def _words(template: str, params: dict[str, str]) -> str:
    if "form" in params:  # a pattern of dates; people read an example
        params = {**params, "form": example_of(params["form"])}
    return _(template) % params if params else _(template)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"


def _first_guess(run: FileImport, *, source: Source) -> dict[str, Any]:
    guess = source.guess()
    only = guess.date_formats[0] if len(guess.date_formats) == 1 else ""
    return {
        **initial_columns(guess.columns),
        "source": run.source,
        "brand": run.brand_id,
        "date_format": only,
        "time_zone": likely_zone(),
        "ours": ", ".join(YES),
    }


def _result(request: DeskRequest, run: FileImport) -> dict[str, Any]:
    problems = run.problems.order_by("row", "pk")[:TOLD] if run.bad else []
    return {
        "run": run,
        "problems": [(one.row, one.column, _words(one.template, one.params)) for one in problems],
        "has_errors_file": errors_file(run) is not None,
        "now": request.clock.now(),
    }


def _find(request: DeskRequest, pk: int) -> FileImport:
    run = imports_visible_to(request.user, workspace=request.workspace).filter(pk=pk).first()
    if run is None:
        raise Http404(_("There is no such import."))
    return run
