import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const staticImport = /^(?:import|export)\s+(?!type\b)([^;']*?)\s*from\s+'([^']+)';|^import\s+'([^']+)';/gm;

/**
 * The files of ours, and the icons, that these screens cannot start without: all they import statically, and what that imports. They
 * are bundled together; whatever only later screens need stays out of the first load, without a list kept by hand.
 */
export function neededBy(entries: readonly string[]): { files: ReadonlySet<string>; icons: ReadonlySet<string> } {
  const files = new Set<string>();
  const icons = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file) || !existsSync(file)) return;
    files.add(file);
    for (const [, names = '', from, bare] of readFileSync(file, 'utf8').matchAll(staticImport)) {
      const target = from ?? bare ?? '';
      if (target === 'lucide-react') for (const name of iconsIn(names)) icons.add(name);
      else if (target.startsWith('.') && /\.tsx?$/.test(target)) visit(resolve(dirname(file), target));
    }
  };
  for (const entry of entries) visit(entry);
  return { files, icons };
}

/** `{ CalendarDays, Clock4 as Clock }` names the files calendar-days and clock-4. */
function iconsIn(names: string): string[] {
  return names
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim().split(/\s/)[0] ?? '')
    .filter((name) => name !== '' && name !== 'type')
    .map((name) =>
      name
        .replace(/([a-z])([A-Z0-9])/g, '$1-$2')
        .replace(/([0-9])([A-Z])/g, '$1-$2')
        .toLowerCase(),
    );
}
