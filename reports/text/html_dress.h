// SPDX-License-Identifier: Apache-2.0
// Style and script of the HTML report; both stand inside the page. Without scripts the tables stay as they are.
#pragma once

#include <string_view>

namespace sslbench {

// Charts carry colours as attributes (svg_parts.h); on a dark screen their ink, ground and faint lines are exchanged;
// what is compared with a picture keeps its colour (class "fixed").
inline constexpr std::string_view kHtmlStyle =
    R"css(:root { --ink: #1f2328; --ground: #ffffff; --faint: #d0d7de; --soft: #f6f8fa; --mark: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --ground: #0d1117; --faint: #3d444d; --soft: #161b22; --mark: #4493f8; }
  svg [fill="#24292f"]:not(.fixed) { fill: #e6edf3; }
  svg [fill="#ffffff"]:not(.fixed) { fill: #161b22; }
  svg [fill="#000000"]:not(.fixed) { fill: #e6edf3; }
  svg [fill="#0072b2"]:not(.fixed) { fill: #3d9bdc; }
  svg [stroke="#24292f"] { stroke: #e6edf3; }
  svg [stroke="#d0d7de"] { stroke: #3d444d; }
  svg [stroke="#ffffff"] { stroke: #161b22; }
  svg [stroke="#000000"] { stroke: #e6edf3; }
  svg [stroke="#0072b2"] { stroke: #3d9bdc; }
}
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 88rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; }
h2 { margin-top: 2.4rem; border-bottom: 1px solid var(--faint); padding-bottom: .3rem; }
p, ul { max-width: 64rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
a { color: var(--mark); }
code { background: var(--soft); padding: .1em .3em; border-radius: 4px; font-size: .88em; white-space: nowrap; }
pre { background: var(--soft); padding: .8rem; border-radius: 6px; overflow-x: auto; }
pre code { padding: 0; white-space: pre; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { border: 1px solid var(--faint); padding: .25rem .35rem; text-align: left; vertical-align: top; }
.wide { font-size: .78rem; }
.wide th, .wide td { padding: .25rem; }
th { background: var(--soft); vertical-align: bottom; }
th:first-child, td:first-child { position: sticky; left: 0; }
td:first-child { background: var(--ground); }
th.sorts { cursor: pointer; }
th.sorts:focus-visible { outline: 2px solid var(--mark); }
th[aria-sort="ascending"]::after { content: " ▲"; }
th[aria-sort="descending"]::after { content: " ▼"; }
td:nth-child(2):not(.number) { min-width: 5.5rem; }
th code { padding: 0; background: none; white-space: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
td.number wbr { white-space: normal; }
input { font: inherit; margin: 0 0 .5rem; padding: .2rem .5rem; border: 1px solid var(--faint); border-radius: 4px;
  background: var(--ground); color: var(--ink); }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { display: block; box-sizing: border-box; max-width: 100%; height: auto; border: 1px solid var(--faint);
  border-radius: 6px; }
main > .chart svg { width: 100%; min-width: 30rem; max-width: 64rem; }
img { max-width: 100%; }
summary { cursor: pointer; }
@media print {
  main { max-width: none; padding: 0; }
  input, p, ul { max-width: 64rem; }
nav { display: none; }
  .table, figure { overflow: visible; }
  main > .chart svg { min-width: 0; }
  table { font-size: 7.5pt; }
  td.number, code { white-space: normal; }
  tr, figure, img { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
)css";

inline constexpr std::string_view kHtmlScript = R"js('use strict';
for (const table of document.querySelectorAll('table')) {
  const body = table.tBodies[0], original = [...body.rows];
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.order === undefined ? cell.textContent.trim() : Number(cell.dataset.order);
  };
  const order = (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (typeof a === 'number') return -1;
    return typeof b === 'number' ? 1 : a.localeCompare(b, 'en', {numeric: true});
  };
  const sort = (head, column) => {
    const state = head.getAttribute('aria-sort');
    const next = state === null ? 'descending' : state === 'descending' ? 'ascending' : null;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    if (next !== null) head.setAttribute('aria-sort', next);
    const rows = [...original];
    const sign = next === 'descending' ? -1 : 1;
    if (next !== null) rows.sort((a, b) => {
      const x = key(a, column), y = key(b, column);
      return typeof x === typeof y ? sign * order(x, y) : order(x, y);
    });
    body.append(...rows);
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    head.className += ' sorts';
    head.tabIndex = 0;
    head.title = 'sort';
    head.addEventListener('click', () => sort(head, column));
    head.addEventListener('keydown', event => {
      if (event.key === 'Enter') sort(head, column);
    });
  });
  if (!table.classList.contains('filter')) continue;
  const field = document.createElement('input');
  field.type = 'search';
  field.placeholder = 'filter rows';
  field.setAttribute('aria-label', 'filter rows');
  field.addEventListener('input', () => {
    const wanted = field.value.toLowerCase();
    for (const row of original) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  table.parentNode.before(field);
}
addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
});
)js";

}  // namespace sslbench
