/**
 * Words that head every published list of used passwords. Endings of digits and signs, and letters replaced by look-alike
 * signs, are undone before the look-up, so that one word stands for its many variants.
 */
const commonWords: ReadonlySet<string> = new Set(
  `password passwort passwords passphrase motdepasse contrasena senha parola wachtwoord haslo salasana losenord geheim
   admin administrator administrateur root toor user username owner guest login letmein letmeinnow welcome willkommen
   bienvenue changeme changeit default secret topsecret master masterkey access test tester testing testtest temp
   temporary qwerty qwertyui qwertyuiop qwertz qwertzui qwertzuiop azerty azertyui azertyuiop asdf asdfgh asdfghjk
   asdfghjkl zxcvbn zxcvbnm yxcvbnm qazwsx qazwsxedc qweasd qweasdzxc abcabc abcd abcde abcdef abcdefg abcdefgh abcdefghi
   iloveyou iloveu loveyou lovelove mylove sunshine princess prinzessin dragon monkey football fussball baseball
   basketball hockey soccer superman batman spiderman starwars pokemon naruto master michael michelle jennifer jessica
   jordan ashley daniel andrea thomas charlie robert anthony matthew andrew joshua nicole hannah samantha victoria
   alexander benjamin christian sebastian florian shadow ginger pepper cookie cookies chocolate chocolat schokolade
   banana cheese orange purple butterfly schmetterling flower flowers summer sommer winter spring autumn herbst
   january february march april june july august september october november december monday friday sunday
   computer internet google facebook youtube samsung iphone microsoft windows linux oracle cisco server desktop
   mustang ferrari porsche mercedes corvette harley maggie buster bailey freedom forever family familie whatever
   nothing trustno hunter killer ranger jackson maverick phoenix diamond crystal silver golden hello hallo bonjour
   hellohello helloworld goodbye blessed jesus christ jesuschrist heaven angel angels babygirl babyboy sweetheart
   liverpool chelsea arsenal barcelona realmadrid juventus bayern dortmund schalke manchester yankees cowboys steelers
   daybook practice praxis calendar kalender appointment
   passpass adminadmin rootroot useruser qwerqwer asdfasdf aaaabbbb pass word pass word abc love god money dollar
   company office business doctor dentist dental clinic medical health hospital nurse`
    .split(/\s+/)
    .filter(Boolean),
);

/** Rows of a keyboard and of counting; a password that is one stretch of these, or its reverse, is common. */
const runs = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb',
  '1q2w3e4r5t6z7u8i9o0p',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '123qweasdzxc',
  '147258369147258369',
];

const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * Whether a password is among those that are guessed first: a common word with or without an ending, a run of keys, or a
 * short pattern repeated. Offline and small by purpose; it does not replace length.
 */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  return isRun(text) || isRepetition(text) || isCommonWord(text);
}

function isRun(text: string): boolean {
  return runs.some((run) => run.includes(text) || [...run].reverse().join('').includes(text));
}

function isRepetition(text: string): boolean {
  for (let length = 1; length <= Math.min(4, text.length / 2); length += 1) {
    if (
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .slice(0, text.length) === text
    )
      return true;
  }
  return false;
}

function isCommonWord(text: string): boolean {
  const core = text.replace(/^[^a-z]+/, '').replace(/[^a-z]+$/, '');
  const ending = text.length - core.length;
  // A long ending is no longer something that every list tries.
  if (ending <= 5 && commonWords.has(core)) return true;
  const stem = text.replace(/[\d!.?*#_-]{0,4}$/, '');
  return [stem, text].some((form) => commonWords.has([...form].map((sign) => lookAlikes[sign] ?? sign).join('')));
}
