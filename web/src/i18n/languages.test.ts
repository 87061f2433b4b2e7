import * as deDesk from './de/desk.ts';
import * as deFirst from './de/first.ts';
import * as enDesk from './en/desk.ts';
import * as enFirst from './en/first.ts';
import * as frDesk from './fr/desk.ts';
import * as frFirst from './fr/first.ts';
import { currentLanguage, loadDeskTexts, ownLanguage, setUpTexts, speak } from './setup.ts';
import i18next from 'i18next';

type Texts = { [key: string]: string | Texts };

function flatten(texts: Texts, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flatten(value, `${path}${key}.`),
  );
}

// Some groups of texts stand in both parts, so the parts are laid beside each other, not over each other.
const english = new Map(flatten({ first: enFirst.first, desk: enDesk.desk, atoms: enDesk.atoms }));
const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort();

test.each([
  ['fr', { first: frFirst.first, desk: frDesk.desk, atoms: frDesk.atoms }],
  ['de', { first: deFirst.first, desk: deDesk.desk, atoms: deDesk.atoms }],
])('%s says everything that English says, with the same gaps to fill', (_language, texts: Texts) => {
  const spoken = new Map(flatten(texts));
  expect([...spoken.keys()].sort()).toEqual([...english.keys()].sort());
  const differing = [...spoken].filter(([key, text]) => {
    const counts = /_(one|zero)$/.test(key);
    const gaps = placeholders(text).filter((gap) => !counts || gap !== '{{count}}');
    const wanted = placeholders(english.get(key) ?? '').filter((gap) => !counts || gap !== '{{count}}');
    return text.trim() === '' || gaps.join() !== wanted.join();
  });
  expect(differing).toEqual([]);
});

test('another language is spoken only when its texts are here, and the later ones follow', async () => {
  setUpTexts();
  await loadDeskTexts();
  await speak('fr');
  expect(currentLanguage()).toBe('fr');
  expect(document.documentElement.lang).toBe('fr');
  expect(i18next.t('signIn.submit')).toBe('Se connecter');
  expect(i18next.t('list.count', { count: 0 })).toBe('Aucun rendez-vous');
  expect(i18next.t('connection.retried', { count: 2 })).toBe('2 sont retransmis');
  await speak('en');
  expect(i18next.t('connection.retried', { count: 1 })).toBe('1 is sent again');
});

test("the reader's own languages decide when the practice has none", () => {
  expect(ownLanguage(['nl-BE', 'de-LU', 'fr-LU'])).toBe('de');
  expect(ownLanguage(['nl-BE'])).toBe('en');
});
