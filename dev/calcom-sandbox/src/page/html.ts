import { PAGE_STYLE } from './style.ts';

const REPLACEMENTS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A value as text that is safe in HTML and in quoted attributes. */
export function escape(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (character) => REPLACEMENTS[character] ?? '');
}

/** An instant (ISO 8601) as weekday, date and time of an IANA zone. */
export function inZone(instant: string, zone: string): string {
  const form = { weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: zone }).format(new Date(instant));
}

/** A whole small page; `body` is HTML, `title` is text. */
export function wrapPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${PAGE_STYLE}</style></head>
<body class="narrow"><header><h1>${escape(title)}</h1></header><main>${body}</main></body></html>`;
}
