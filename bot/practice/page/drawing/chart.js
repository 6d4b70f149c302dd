/* A line chart of numbers over points: drawn plainly, each value written beside its mark, told in words to those who listen. */
import { h } from "../dom.js";
import { unknown } from "../surface.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 560, height: 240, left: 44, right: 24, top: 24, bottom: 36 };
const MARKS = ["circle", "square", "triangle", "diamond", "cross", "ring"];

function draw(tag, props, text = null) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, String(value));
  if (text !== null) node.textContent = text;
  return node;
}

/** A round number at or above the highest value, so that the lines of the grid fall on whole numbers. */
function ceiling(values) {
  const most = Math.max(...values, 1);
  const step = 10 ** Math.floor(Math.log10(most)) / 2;
  return Math.ceil(most / step) * step;
}

function mark(kind, x, y, name) {
  const props = { class: `chart-mark ${name}` };
  const at = (points) => draw("polygon", { ...props, points: points.map(([dx, dy]) => `${x + dx},${y + dy}`).join(" ") });
  if (kind === "square") return at([[-4, -4], [4, -4], [4, 4], [-4, 4]]);
  if (kind === "triangle") return at([[0, -5], [5, 4], [-5, 4]]);
  if (kind === "diamond") return at([[0, -6], [5, 0], [0, 6], [-5, 0]]);
  if (kind === "cross") return draw("path", { class: `chart-line ${name}`, d: `M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8` });
  return draw("circle", { class: kind === "ring" ? `chart-line ${name}` : props.class, cx: x, cy: y, r: 4 });
}

function inWords(title, series) {
  const lines = series.map((one) => `${one.name}: ${one.data.map((point) => `${point.label} ${point.value}`).join(", ")}`);
  return `${title}. ${lines.join(". ")}`;
}

function picture(title, categories, series) {
  const { width, height, left, right, top, bottom } = SIZE;
  const most = ceiling(series.flatMap((one) => one.data.map((point) => point.value)));
  const x = (n) => left + ((width - left - right) * (n + 0.5)) / categories.length;
  const y = (value) => height - bottom - ((height - top - bottom) * value) / most;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": inWords(title, series), class: "chart" });
  for (const part of [0, 0.5, 1]) {
    svg.append(draw("line", { class: "chart-grid", x1: left, x2: width - right, y1: y(most * part), y2: y(most * part) }));
    svg.append(draw("text", { class: "chart-text", x: left - 8, y: y(most * part) + 4, "text-anchor": "end" }, most * part));
  }
  categories.forEach((label, n) => svg.append(draw("text", { class: "chart-text", x: x(n), y: height - 12, "text-anchor": "middle" }, label)));
  series.forEach((one, k) => {
    const places = one.data.map((point) => [x(categories.indexOf(point.label)), y(point.value), point.value]);
    svg.append(draw("polyline", { class: `chart-line s${k}`, points: places.map(([px, py]) => `${px},${py}`).join(" ") }));
    for (const [px, py, value] of places) {
      svg.append(mark(MARKS[k], px, py, `s${k}`));
      svg.append(draw("text", { class: "chart-text chart-value", x: px, y: py - 9, "text-anchor": "middle" }, value));
    }
  });
  return svg;
}

function legend(series) {
  return h("ul", { class: "chart-legend", "aria-hidden": "true" }, series.map((one, k) => {
    const key = draw("svg", { viewBox: "0 0 26 12", width: 26, height: 12 });
    key.append(draw("line", { class: `chart-line s${k}`, x1: 0, x2: 26, y1: 6, y2: 6 }), mark(MARKS[k], 13, 6, `s${k}`));
    return h("li", {}, key, ` ${one.name}`);
  }));
}

export function chart(block) {
  const { type, series, axis_config: axis } = block.chart || {};
  if (type !== "line" || !series?.length || !axis?.categories?.length) return unknown(`${block.type} (${type})`);
  return h("figure", { class: "figure" },
    h("figcaption", { dir: "auto" }, block.title),
    picture(block.title, axis.categories, series),
    legend(series));
}
