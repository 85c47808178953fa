// The data_visualization block: bar, line, area and pie as plain SVG drawn at the width there is,
// with a legend, and every number in a table one keystroke away.

import { h, s } from "./dom.js";
import { cannotDraw } from "./undrawn.js";

const HEIGHT = 210; // without the labels below
const SHAPES = { bar: bars, line: lines, area: areas };
const number = new Intl.NumberFormat();

/** The whole block: title, picture, legend, numbers. */
export function drawChart(block) {
  const { chart, title } = block;
  if (chart.type !== "pie" && !SHAPES[chart.type]) return cannotDraw(`${chart.type} chart`);
  const plot = h("div", { class: "plot" });
  let drawn = 520;
  const picture = (width) => {
    drawn = width;
    plot.replaceChildren(chart.type === "pie" ? pie(chart, title) : axes(chart, title, width));
  };
  picture(drawn);
  // Drawn within the observer, a picture of another height would make the browser complain of a loop.
  new ResizeObserver(([entry]) => {
    const width = Math.max(240, Math.floor(entry.contentRect.width));
    if (width !== drawn) requestAnimationFrame(() => picture(width));
  }).observe(plot);
  return h("figure", { class: "chart" }, h("figcaption", {}, title), plot, legend(chart), numbers(chart));
}

function names(chart) {
  return chart.type === "pie"
    ? chart.segments.map((one) => `${one.label} · ${percent(one.value, chart)}`)
    : chart.series.map((one) => one.name);
}

function legend(chart) {
  const items = names(chart).map((name, index) =>
    h("li", {}, h("span", { class: `swatch colour-${index % 6}` }), name),
  );
  return items.length > 1 || chart.type === "pie"
    ? h("ul", { class: "legend", "aria-hidden": "true" }, items)
    : "";
}

function percent(value, chart) {
  const sum = chart.segments.reduce((total, one) => total + one.value, 0);
  return `${Math.round((100 * value) / sum)} %`;
}

function numbers(chart) {
  const head = chart.type === "pie" ? ["", "Value"] : [chart.axis_config.x_label ?? "", ...names(chart)];
  const rows =
    chart.type === "pie"
      ? chart.segments.map((one) => [one.label, one.value])
      : chart.axis_config.categories.map((label) => [
          label,
          ...chart.series.map((one) => valueAt(one, label)),
        ]);
  const body = rows.map(([label, ...values]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, label),
      values.map((value) => h("td", { class: "number" }, number.format(value))),
    ),
  );
  const table = h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((text, column) => h("th", { scope: "col", class: column ? "number" : null }, text)),
      ),
    ),
    h("tbody", {}, body),
  );
  return h(
    "details",
    { class: "numbers" },
    h("summary", {}, "Numbers"),
    h("div", { class: "table-wrap" }, table),
  );
}

function valueAt(series, label) {
  return series.data.find((point) => point.label === label)?.value ?? 0;
}

function axes(chart, title, width) {
  const { categories, x_label: below, y_label: beside } = chart.axis_config;
  const values = chart.series.map((one) => categories.map((label) => valueAt(one, label)));
  const scale = frame(values, categories, width, Boolean(below));
  const parts = [
    gridLines(scale),
    categoryLabels(scale, categories),
    SHAPES[chart.type](scale, chart, values),
  ];
  const labels = [
    below &&
      s(
        "text",
        { class: "axis-name", x: scale.left + scale.plotWidth / 2, y: scale.height - 4, "text-anchor": "middle" },
        below,
      ),
    beside && s("text", { class: "axis-name", x: 0, y: 10 }, beside),
  ];
  return s(
    "svg",
    {
      width,
      height: scale.height,
      role: "img",
      "aria-label": `${chart.type} chart: ${title}. The numbers follow below.`,
    },
    parts,
    labels,
  );
}

const LETTER = 7.4; // a generous width of one character of a label
const LINE = 20; // how far apart slanted ones must stand

function frame(values, categories, width, named) {
  const all = values.flat();
  const ticks = niceTicks(Math.min(0, ...all), Math.max(0, ...all));
  const longest = Math.max(...categories.map((one) => one.length));
  const slanted = longest * LETTER > (width - 50) / categories.length;
  const letters = slanted ? Math.min(longest, width < 400 ? 12 : 20) : longest;
  const scaleRoom = 12 + 7 * Math.max(...ticks.map((tick) => number.format(tick).length));
  const left = slanted ? Math.max(scaleRoom, 6.1 * letters - width / categories.length / 3) : scaleRoom;
  const slot = (width - left - 6) / categories.length;
  const top = 22;
  const bottom = HEIGHT - 10;
  const height = bottom + (slanted ? 16 + 4.7 * letters : 26) + (named ? 16 : 0);
  const y = (value) => bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (bottom - top);
  return {
    ticks,
    left,
    slot,
    height,
    slanted,
    letters,
    // Labels that would lie on each other are left out, as many as it takes.
    every: slanted ? Math.ceil(LINE / slot) : 1,
    bottom,
    y,
    plotWidth: width - left - 6,
    x: (index) => left + slot * (index + 0.5),
  };
}

function niceTicks(low, high) {
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const from = Math.floor(low / step);
  const to = Math.max(from + 1, Math.ceil(high / step));
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
}

function gridLines({ ticks, left, plotWidth, y }) {
  return ticks.map((tick) => [
    s("line", {
      class: tick === 0 ? "zero" : "grid",
      x1: left,
      x2: left + plotWidth,
      y1: y(tick),
      y2: y(tick),
    }),
    s("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, number.format(tick)),
  ]);
}

function categoryLabels({ slanted, letters, every, bottom, x }, categories) {
  return categories.map((label, index) => {
    if (index % every) return null;
    const place = slanted
      ? { transform: `translate(${x(index) + 4} ${bottom + 14}) rotate(-40)`, "text-anchor": "end" }
      : { x: x(index), y: bottom + 18, "text-anchor": "middle" };
    return s(
      "text",
      place,
      s("title", {}, label),
      label.length > letters ? `${label.slice(0, letters - 1)}…` : label,
    );
  });
}

function tip(series, chart, index, value) {
  return s("title", {}, `${series.name}, ${chart.axis_config.categories[index]}: ${number.format(value)}`);
}

function bars(scale, chart, values) {
  const group = Math.min(scale.slot * 0.72, 44 * values.length);
  const width = group / values.length;
  return values.map((row, k) =>
    row.map((value, index) => {
      const top = scale.y(Math.max(0, value));
      const x = scale.x(index) - group / 2 + k * width;
      return s(
        "rect",
        {
          class: `fill-${k % 6}`,
          x: x + 1,
          y: top,
          width: Math.max(1, width - 2),
          height: Math.abs(scale.y(value) - scale.y(0)),
          rx: 2,
        },
        tip(chart.series[k], chart, index, value),
      );
    }),
  );
}

function lines(scale, chart, values) {
  return values.map((row, k) => [
    s("polyline", { class: `stroke-${k % 6}`, points: points(scale, row) }),
    row.map((value, index) =>
      s(
        "circle",
        { class: `fill-${k % 6}`, cx: scale.x(index), cy: scale.y(value), r: 3.5 },
        tip(chart.series[k], chart, index, value),
      ),
    ),
  ]);
}

function areas(scale, chart, values) {
  const floor = scale.y(0);
  const shape = (row) => `${scale.x(0)},${floor} ${points(scale, row)} ${scale.x(row.length - 1)},${floor}`;
  return [
    values.map((row, k) => s("polygon", { class: `fill-${k % 6} soft`, points: shape(row) })),
    lines(scale, chart, values),
  ];
}

function points(scale, row) {
  return row.map((value, index) => `${scale.x(index)},${scale.y(value)}`).join(" ");
}

function pie(chart, title) {
  const sum = chart.segments.reduce((total, one) => total + one.value, 0);
  let from = 0;
  const slices = chart.segments.map((one, k) => {
    const share = one.value / sum;
    const slice = s(
      "circle",
      {
        class: `slice stroke-${k % 6}`,
        cx: 110,
        cy: 110,
        r: 64,
        pathLength: 100,
        "stroke-dasharray": `${Math.max(0, share * 100 - 0.5)} 100`,
        "stroke-dashoffset": -from * 100,
        transform: "rotate(-90 110 110)",
      },
      s("title", {}, `${one.label}: ${number.format(one.value)} (${percent(one.value, chart)})`),
    );
    from += share;
    return slice;
  });
  return s(
    "svg",
    {
      width: 220,
      height: 220,
      viewBox: "0 0 220 220",
      role: "img",
      "aria-label": `Pie chart: ${title}. The numbers follow below.`,
    },
    slices,
    s("text", { class: "total", x: 110, y: 116, "text-anchor": "middle" }, number.format(sum)),
  );
}
