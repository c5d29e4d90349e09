import { svg } from "./dom.js";
import { clockTime } from "./words.js";

/** A stretch of virtual time, in seconds, that is drawn from left to right. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200];
const DAY = 86_400;

/** Where a moment is, in percent. */
export function position({ from, to }: Span, seconds: number): number {
  return ((seconds - from) / (to - from)) * 100;
}

/** A bar from a moment on; never so short that nobody sees it. */
export function bar(
  span: Span,
  item: { start: number; seconds: number; tone: string; title: string },
  box: { y: number; height: number },
): SVGRectElement {
  const x = position(span, item.start);
  const width = Math.max(0.3, position(span, item.start + item.seconds) - x);
  const percent = (value: number) => `${Math.round(value * 100) / 100}%`;
  const place = { x: percent(Math.min(x, 99.7)), width: percent(width), rx: 2, ...box };
  return svg("rect", { class: `bar ${item.tone}`, ...place }, svg("title", {}, item.title));
}

/** The span's ticks with their times. */
export function axis(span: Span): SVGSVGElement {
  const length = span.to - span.from;
  const step =
    STEPS.find((candidate) => length / candidate <= 5) ?? DAY * Math.ceil(length / DAY / 5);
  const ticks: SVGElement[] = [];
  for (let at = Math.ceil(span.from / step) * step; at <= span.to; at += step) {
    const x = position(span, at);
    ticks.push(svg("line", { x1: `${x}%`, x2: `${x}%`, y1: 14, y2: 20 }));
    const anchor = x < 4 ? "start" : x > 96 ? "end" : "middle";
    ticks.push(svg("text", { x: `${x}%`, y: 10, "text-anchor": anchor }, clockTime(at)));
  }
  return svg("svg", { class: "axis", height: 20, "aria-hidden": "true" }, ticks);
}
