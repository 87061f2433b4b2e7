const levelNames: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const levelColours: Readonly<Record<string, number>> = { warn: 33, error: 31, fatal: 31 };
const nameColours = [36, 35, 32, 34, 33, 96, 95, 92];
const hidden = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'v', 'spanId']);
const nameWidth = 14;
const longestValue = 160;

/**
 * Turns one line that a process wrote into one line for people: local time, process, level, message, fields. A line that
 * is no JSON object is kept as it is.
 */
export function formatLogLine(processName: string, line: string, options: { colour: boolean; now?: Date }): string {
  const entry = parseEntry(line);
  const at = readTime(entry?.['time']) ?? options.now ?? new Date();
  const level = readLevel(entry?.['level']);
  const message = entry ? [entry['msg'], ...describeFields(entry)].filter(Boolean).join(' ') : line;
  const paint = (text: string, colour: number | undefined) =>
    options.colour && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;
  return [
    paint(formatTime(at), 90),
    paint(processName.padEnd(nameWidth), pickColour(processName)),
    paint(level.padEnd(5), levelColours[level]),
    message,
  ].join(' ');
}

/** Loggers write levels as numbers or as names, and times as milliseconds or as text. */
function readLevel(value: unknown): string {
  return typeof value === 'string' && Object.values(levelNames).includes(value)
    ? value
    : (levelNames[Number(value)] ?? 'info');
}

function readTime(value: unknown): Date | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function describeFields(entry: Record<string, unknown>): string[] {
  return Object.entries(entry)
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => `${name}=${shorten(describeValue(value))}`);
}

function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { message, code } = value as { message?: unknown; code?: unknown };
  if (typeof message === 'string') return typeof code === 'string' ? `${code}: ${message}` : message;
  return JSON.stringify(value);
}

function shorten(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

function formatTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** The same process always has the same colour. */
function pickColour(name: string): number | undefined {
  const base = name.split('#')[0] ?? name;
  const sum = [...base].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return nameColours[sum % nameColours.length];
}

const routineMessages = new Set(['rpc finished', 'request', 'message handled', 'sync step']);

/** Whether a line only says that one more request, rpc, message or sync step went well. */
export function isRoutineLine(line: string): boolean {
  try {
    const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
    return (level === 30 || level === 'info') && typeof msg === 'string' && routineMessages.has(msg);
  } catch {
    return false;
  }
}
