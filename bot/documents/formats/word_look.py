"""How a Word document looks: page, styles, header and footer, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from prompts_and_forms.typed import printable

FONT = "Arial"
INK, SOFT, RULE, PALE = "1A1A1A", "4A4A4A", "8A8A8A", "F1F1F1"
PAGE_MM = (210, 297)
MARGINS_MM = {"top": 24, "bottom": 24, "left": 22, "right": 22}
INSIDE_MM = 166
SIZES = {1: 13.5, 2: 11, 3: 10.5}
BEFORE_PT = {1: 18, 2: 10, 3: 8}


class Paper:
    """An empty document with the house's styles. Raises ImportError where python-docx is not there."""

    def __init__(self) -> None:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.enum.style import WD_STYLE_TYPE
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt, RGBColor

        self._new, self._qn, self._mm, self._pt, self._rgb = OxmlElement, qn, Mm, Pt, RGBColor
        self._center, self._paragraph_style = WD_ALIGN_PARAGRAPH.CENTER, WD_STYLE_TYPE.PARAGRAPH
        self._landscape, self._portrait = WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT
        self.file: Any = docx.Document()
        self._page_break = False
        self._page()
        self._styles()

    # ---- the page

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = self._mm(PAGE_MM[0]), self._mm(PAGE_MM[1])
        for side, size in MARGINS_MM.items():
            setattr(section, f"{side}_margin", self._mm(size))

    def about(self, title: str, at: datetime) -> None:
        """The file's own particulars: no person, no family."""
        known = self.file.core_properties
        known.title, known.author, known.language = title, "Unit Meeting Bot", "en-GB"
        known.created = known.modified = at
        known.comments, known.last_modified_by, known.keywords = "", "Unit Meeting Bot", ""

    def around(self, classification: str, about: str, made: str) -> None:
        """The marking above and below each page; what it is, who had it made, page x of y."""
        section = self.file.sections[0]
        self._marking(section.header.paragraphs[0], classification)
        first = section.footer.paragraphs[0]
        first.style = self.file.styles["Foot"]
        first.add_run(f"{about}\t")
        first.paragraph_format.tab_stops.add_tab_stop(self._mm(INSIDE_MM), self._right())
        first.add_run("Page ")
        self._field(first, "PAGE")
        first.add_run(" of ")
        self._field(first, "NUMPAGES")
        section.footer.add_paragraph(made, style="Foot")
        self._marking(section.footer.add_paragraph(), classification)

    def _right(self) -> Any:
        from docx.enum.text import WD_TAB_ALIGNMENT

        return WD_TAB_ALIGNMENT.RIGHT

    def _marking(self, line: Any, words: str) -> None:
        line.style = self.file.styles["Foot"]
        line.alignment = self._center
        run = line.add_run(words)
        run.bold = True
        run.font.color.rgb = self._rgb.from_string(INK)

    def _field(self, line: Any, code: str, shown: str = "1") -> None:
        """What Word counts or lists by itself; `shown` until it does."""
        for kind, words in (("begin", ""), ("", code), ("separate", ""), ("text", shown), ("end", "")):
            run = line.add_run()
            if kind == "text":
                run.text = words
            elif words:
                told = self._new("w:instrText")
                told.set(self._qn("xml:space"), "preserve")
                told.text = words
                run._r.append(told)
            else:
                mark = self._new("w:fldChar")
                mark.set(self._qn("w:fldCharType"), kind)
                run._r.append(mark)

    # ---- styles

    def _styles(self) -> None:
        styles = self.file.styles
        normal = styles["Normal"]
        self._letters(normal, 10.5, INK)
        normal.paragraph_format.space_after = self._pt(5)
        normal.paragraph_format.line_spacing = 1.12
        self._language(normal)
        self._letters(styles["Title"], 19, INK, bold=True)
        styles["Title"].paragraph_format.space_after = self._pt(2)
        self._no_border(styles["Title"])
        for level, size in SIZES.items():
            heading = styles[f"Heading {level}"]
            self._letters(heading, size, INK, bold=True)
            heading.paragraph_format.space_before = self._pt(BEFORE_PT[level])
            heading.paragraph_format.space_after = self._pt(4)
            heading.paragraph_format.keep_with_next = True
        self._border(styles["Heading 1"].element.get_or_add_pPr(), "bottom", 5, RULE)
        self._letters(styles["List Bullet"], 10.5, INK)
        styles["List Bullet"].paragraph_format.space_after = self._pt(3)
        for name, size, color in (
            ("Quiet", 9.5, SOFT),
            ("Foot", 8.5, SOFT),
            ("Said", 10.5, INK),
            ("Under title", 11.5, SOFT),
            ("Tick", 10.5, INK),
        ):
            self._letters(styles.add_style(name, self._paragraph_style), size, color)
            styles[name].base_style = normal
        styles["Foot"].paragraph_format.space_after = self._pt(1)
        styles["Under title"].paragraph_format.space_after = self._pt(10)
        tick = styles["Tick"].paragraph_format
        tick.left_indent, tick.first_line_indent, tick.space_after = self._mm(6), -self._mm(6), self._pt(3)
        styles["Said"].paragraph_format.left_indent = self._mm(4)
        self._border(styles["Said"].element.get_or_add_pPr(), "left", 12, RULE)

    def _letters(self, style: Any, size: float, color: str, *, bold: bool | None = None) -> None:
        style.font.name, style.font.size, style.font.bold = FONT, self._pt(size), bold
        style.font.italic = None
        style.font.color.rgb = self._rgb.from_string(color)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            if "Theme" in name or "theme" in name:
                del fonts.attrib[name]
        for name in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(self._qn(f"w:{name}"), FONT)

    def _language(self, style: Any) -> None:
        told = self._new("w:lang")
        told.set(self._qn("w:val"), "en-GB")
        known = style.element.get_or_add_rPr()
        for old in known.findall(self._qn("w:lang")):
            known.remove(old)
        known.append(told)

    def _border(self, where: Any, side: str, size: int, color: str) -> None:
        borders = self._new("w:pBdr")
        line = self._new(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", "4"), ("color", color)):
            line.set(self._qn(f"w:{name}"), value)
        borders.append(line)
        where.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
        )

    def _no_border(self, style: Any) -> None:
        known = style.element.get_or_add_pPr()
        for old in known.findall(self._qn("w:pBdr")):
            known.remove(old)

    # ---- what stands on it

    def title(self, title: str, subject: str) -> None:
        """Writes the document's title and what it is about."""
        self.file.add_paragraph(title, style="Title")
        if subject:
            self.file.add_paragraph(subject, style="Under title")

    def paragraph(self, style: str) -> Any:
        """A new empty paragraph in one of the house's styles."""
        return self.file.add_paragraph(style=style)

    def new_page(self) -> None:
        """What comes next begins a page; a heading does so by itself, so that no empty line is left above it."""
        self._page_break = True

    def heading(self, level: int) -> Any:
        """A new empty heading; the first after a page break begins a page."""
        found = self.file.add_heading(level=level)
        if self._page_break:
            found.paragraph_format.page_break_before, self._page_break = True, False
        return found

    def contents(self, title: str, items: Iterable[str]) -> None:
        """A list of the sections; Word adds their pages when the file is opened."""
        if title:
            self.file.add_paragraph().add_run(title).bold = True
        self._field(self.file.add_paragraph(), 'TOC \\o "1-1" \\h \\z', "\n".join(items))
        told = self._new("w:updateFields")
        told.set(self._qn("w:val"), "true")
        self.file.settings.element.append(told)

    def quiet(self, run: Any, *, small: bool = False) -> None:
        """Makes a run of text soft, and small if asked."""
        run.font.color.rgb = self._rgb.from_string(SOFT)
        run.bold = False
        if small:
            run.font.size = self._pt(9.5)

    def framed(self, title: str, lines: Iterable[str]) -> None:
        """Writes lines in a frame under a title."""
        grid = self.grid(((title,),), (100,), height=None)
        cell = grid.cell(0, 0)
        cell.paragraphs[0].runs[0].bold = True
        for one in lines:
            cell.add_paragraph(printable(one))

    def picture(self, image: bytes, alt: str, shown: float, caption: str, *, wide: bool) -> None:
        """A picture `shown` points wide with its words behind it. `wide`: on a page of its own, turned on its side."""
        if wide:
            self._turned(on_its_side=True)
        holder = self.file.add_paragraph()
        holder.alignment = self._center
        placed = holder.add_run().add_picture(BytesIO(image), width=self._pt(shown))
        placed._inline.docPr.set("descr", printable(alt))
        placed._inline.docPr.set("title", printable(caption))
        if caption:
            holder.paragraph_format.keep_with_next = True
            below = self.paragraph("Quiet")
            below.alignment = self._center
            below.add_run(printable(caption))

    def upright(self) -> None:
        """Whatever comes next stands on upright pages again."""
        if self.file.sections[-1].orientation == self._landscape:
            self._turned(on_its_side=False)

    def _turned(self, *, on_its_side: bool) -> None:
        """The pages from here on. Headers and footers go on as they were."""
        section = self.file.add_section()
        long, short = self._mm(max(PAGE_MM)), self._mm(min(PAGE_MM))
        section.orientation = self._landscape if on_its_side else self._portrait
        section.page_width, section.page_height = (long, short) if on_its_side else (short, long)

    def grid(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        *,
        head: bool = False,
        height: float | None = None,
        ruled: bool = True,
        below_only: bool = False,
        words: str = "",
    ) -> Any:
        """A table whose columns have these shares of the page. `head`: the first row is repeated on every page."""
        grid = self.file.add_table(len(rows), len(widths))
        grid.autofit = False
        if ruled:
            self._rules(grid, below_only=below_only)
        whole = sum(widths)
        for column, share in zip(grid.columns, widths, strict=True):
            column.width = self._mm(INSIDE_MM * share / whole)
        for number, (row, cells) in enumerate(zip(grid.rows, rows, strict=True)):
            self._row(row, cells, widths, height if number or not head else None)
        if head:
            self._head(grid.rows[0])
        if words:
            self._alt(grid, words)
        self.file.add_paragraph(style="Foot")
        return grid

    def set_apart(self) -> None:
        """A line under what stands last."""
        self._border(self.file.paragraphs[-1]._p.get_or_add_pPr(), "bottom", 4, RULE)

    def keep_together(self, grid: Any) -> None:
        """All rows on one page."""
        for row in grid.rows[:-1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _row(self, row: Any, cells: Sequence[str], widths: Sequence[int], height: float | None) -> None:
        whole = sum(widths)
        if height:
            row.height = self._mm(height)
        no_split = self._new("w:cantSplit")
        row._tr.get_or_add_trPr().append(no_split)
        for cell, words, share in zip(row.cells, cells, widths, strict=True):
            cell.width = self._mm(INSIDE_MM * share / whole)
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = self._pt(2)
            line.add_run(words)

    def _head(self, row: Any) -> None:
        row._tr.get_or_add_trPr().append(self._new("w:tblHeader"))
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
            shade = self._new("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
                shade.set(self._qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shade)

    def _rules(self, grid: Any, *, below_only: bool) -> None:
        borders = self._new("w:tblBorders")
        sides = ("bottom", "insideH") if below_only else ("top", "left", "bottom", "right", "insideH", "insideV")
        for side in sides:
            line = self._new(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
                line.set(self._qn(f"w:{name}"), value)
            borders.append(line)
        self._in_line(grid)
        grid._tbl.tblPr.insert_element_before(
            borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription"
        )

    def underlined(self, cell: Any) -> None:
        """A line to write on."""
        borders, line = self._new("w:tcBorders"), self._new("w:bottom")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(self._qn(f"w:{name}"), value)
        borders.append(line)
        cell._tc.get_or_add_tcPr().append(borders)

    def _in_line(self, grid: Any) -> None:
        """Its frame where the text begins: Word moves a table out by the space inside its cells."""
        inset = self._new("w:tblInd")
        inset.set(self._qn("w:w"), "108")
        inset.set(self._qn("w:type"), "dxa")
        grid._tbl.tblPr.insert_element_before(
            inset, "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption"
        )

    def _alt(self, grid: Any, words: str) -> None:
        told = self._new("w:tblCaption")
        told.set(self._qn("w:val"), words)
        grid._tbl.tblPr.append(told)
