/** The page's style sheet; its hash is in the content security policy. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #f7f7f5; --card: #fff; --ink: #1c1e21; --soft: #5d646d; --line: #e2e3e0;
  --accent: #2f5fd0; --good: #18794e; --warn: #8a5a00; --bad: #b42318; --tint: #eef0f3; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --card: #1c1f25; --ink: #e8eaed; --soft: #9aa3af;
  --line: #2c313a; --accent: #8fb0ff; --good: #62c796; --warn: #e2b35c; --bad: #ff8f85; --tint: #262b33; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.75rem; padding-bottom: .5rem; }
h1 { font-size: 1.35rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .25rem 0; }
.soft { color: var(--soft); }
#connection { font-size: .8rem; margin-left: .5rem; color: var(--soft); font-weight: 500; }
#connection.live::before { content: ''; display: inline-block; width: .5rem; height: .5rem; border-radius: 50%;
  background: var(--good); margin-right: .35rem; }
#connection.gone { color: var(--bad); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.1rem; margin: .9rem 0; }
.pair { display: grid; gap: 0 .9rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); align-items: start; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 500; font-size: .8rem; color: var(--soft); padding: .3rem .6rem .3rem 0; }
td { padding: .45rem .6rem .45rem 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.slug { min-width: 7rem; }
td:last-child, th:last-child { padding-right: 0; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font: .82rem/1.4 ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
.mark { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .8rem; background: var(--tint); white-space: nowrap; }
.accepted, .ok { color: var(--good); } .pending { color: var(--warn); } .cancelled, .rejected, .failed { color: var(--bad); }
.empty { color: var(--soft); padding: .35rem 0; }
summary { cursor: pointer; padding: .35rem 0; color: var(--accent); }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
ul { list-style: none; margin: 0; padding: 0; } li { padding: .4rem 0; border-top: 1px solid var(--line); } li:first-child { border-top: 0; }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.narrow header, .narrow main { max-width: 40rem; }
.field { display: grid; gap: .2rem; margin: .7rem 0; }
input, select, button { font: inherit; color: inherit; }
.field input, .field select { padding: .5rem .6rem; border: 1px solid var(--soft); border-radius: .4rem; background: var(--paper); width: 100%; min-height: 2.75rem; }
button { padding: .55rem 1.1rem; border: 1px solid var(--accent); border-radius: .4rem; background: var(--accent); color: var(--card); cursor: pointer; min-height: 2.75rem; }
button.quiet { background: transparent; color: var(--accent); }
.line { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: end; } .line .field { flex: 1 1 12rem; margin: .5rem 0 0; } .line + .line { margin-top: .6rem; }
.days { display: flex; flex-wrap: wrap; gap: .4rem; } .days li { border: 0; padding: 0; }
.days a { display: inline-block; padding: .5rem .8rem; border: 1px solid var(--line); border-radius: .4rem; text-decoration: none; }
.days a[aria-current] { border-color: var(--accent); background: var(--tint); font-weight: 600; }
fieldset { border: 0; margin: 0 0 .5rem; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem; } legend { font-weight: 600; padding: 0 0 .4rem; }
.time-choice { display: inline-flex; gap: .4rem; align-items: center; padding: .55rem .8rem; border: 1px solid var(--line); border-radius: .4rem; cursor: pointer; font-variant-numeric: tabular-nums; }
.time-choice:has(:checked) { border-color: var(--accent); background: var(--tint); }
.refusal { color: var(--bad); border: 1px solid var(--bad); border-radius: .4rem; padding: .6rem .8rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: .6rem 0 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.fault { border-color: var(--warn); }
@media (min-width: 40.01rem) { .uid { white-space: nowrap; } }
@media (max-width: 40rem) {
  table.wide thead { display: none; }
  table.wide tr { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; border-top: 1px solid var(--line); padding: .6rem 0; }
  table.wide td { border: 0; padding: 0; }
  table.wide td.full { grid-column: 1 / -1; }
}
`;
