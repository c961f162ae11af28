/** Colours have 4.5:1 against what is behind them, in light and in dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #c9ced6; --text: #1a1f27; --faint: #56606e;
  --ok: #176b34; --ok-fill: #e6f4ea; --warn: #855000; --warn-fill: #fff3d6;
  --bad: #b3161d; --bad-fill: #fdeaea; --unknown: #6b3fa0; --unknown-fill: #f2ebfb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151a; --card: #1b2027; --line: #3d4652; --text: #e8ebef; --faint: #a3adba;
    --ok: #6fd08c; --ok-fill: #16301f; --warn: #f2bd5a; --warn-fill: #382a10;
    --bad: #ff8a86; --bad-fill: #421a1c; --unknown: #c7a5f5; --unknown-fill: #2c2140;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 16px; }
h1 { font-size: 1rem; font-weight: 600; color: var(--faint); margin: 0 0 12px; }
h2 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1.05rem; margin: 28px 0 8px; }
p { margin: 4px 0 0; }
code { font: 0.92em ui-monospace, monospace; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
.banner { border: 2px solid; border-radius: 8px; padding: 12px 16px; }
.banner p { color: var(--faint); }
.ok { color: var(--ok); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.unknown { color: var(--unknown); } .note { color: var(--faint); }
.banner.ok { background: var(--ok-fill); } .banner.warn { background: var(--warn-fill); }
.banner.bad { background: var(--bad-fill); } .banner.unknown { background: var(--unknown-fill); }
ul.findings { list-style: none; margin: 12px 0 0; padding: 0; }
ul.findings li { background: var(--card); border-left: 5px solid; border-radius: 4px; padding: 8px 12px; margin-top: 6px; overflow-wrap: anywhere; }
ul.findings .said { color: var(--text); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 6px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
th { font-weight: 600; color: var(--faint); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.words { white-space: normal; min-width: 14em; }
svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
svg .name { font-weight: 600; font-size: 14px; }
svg .small { font-size: 12px; fill: var(--faint); }
svg .frame { fill: none; stroke: var(--line); stroke-width: 1.5; }
svg .box { stroke-width: 2; }
svg .box.ok { fill: var(--ok-fill); stroke: var(--ok); }
svg .box.warn { fill: var(--warn-fill); stroke: var(--warn); }
svg .box.bad { fill: var(--bad-fill); stroke: var(--bad); stroke-dasharray: 7 3; }
svg .box.unknown { fill: var(--unknown-fill); stroke: var(--unknown); stroke-dasharray: 2 3; }
svg .frame.warn { stroke: var(--warn); } svg .frame.bad { stroke: var(--bad); stroke-width: 3; }
svg text.ok { fill: var(--ok); } svg text.warn { fill: var(--warn); } svg text.bad { fill: var(--bad); }
svg text.unknown { fill: var(--unknown); }
svg .state { font-weight: 600; }
svg .wire { fill: none; stroke: var(--line); stroke-width: 1.5; }
svg .copy { fill: none; stroke: var(--ok); stroke-width: 2; }
svg .copy.warn { stroke: var(--warn); } svg .copy.bad { stroke: var(--bad); stroke-dasharray: 5 4; }
svg .copy.unknown { stroke: var(--unknown); stroke-dasharray: 2 3; }
`;
