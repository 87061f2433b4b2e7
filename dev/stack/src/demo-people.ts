/** A customer of the demo practice. Addresses and numbers lie in ranges that are reserved for examples. */
export type DemoPerson = { name: string; email?: string; phone?: string; timeZone?: string };

const names = [
  ...['Amélie Rousseau', 'Bjørn Håkonsen', 'Chiamaka Okonkwo', 'Dimitra Papadopoulou', 'Eoin Ó Súilleabháin'],
  ...['Fatima Zahra Benali', 'Gonçalo Magalhães', 'Hiroko Tanaka', 'Ines Kovačević', 'Jürgen Weiß'],
  ...['Kateřina Dvořáková', 'Lars Møller', 'María José Fernández', 'Nguyễn Thị Lan', 'Olena Shevchenko'],
  ...['Pooja Krishnamurthy', 'Quentin Lefèvre', 'Rūta Kazlauskienė', 'Søren Ødegård', 'Thandiwe Ndlovu'],
  ...['Ulla Järvinen', 'Václav Šimůnek', 'Wojciech Gołębiowski', 'Xiomara Quiñones', 'Yusuf Çelik'],
  ...['Zoë van der Berg', 'Arjun Mehta', 'Beatriz da Conceição', 'Ciarán Byrne', 'Daniela Popescu'],
  ...['Emeka Adeyemi', 'Freya Þorsteinsdóttir', 'Giulia De Luca', 'Hannah Goldberg', 'İpek Yıldız'],
  ...['João Pedro Araújo', 'Kim Min-seo', 'Léa Schmit', 'Mohammed Al-Rashid', 'Noémie Hoffmann'],
] as const;

/** Forty people, always the same. A few have no e-mail, a few no phone, as in any practice. */
export const demoPeople: readonly DemoPerson[] = names.map((name, at) => ({
  name,
  ...(at % 9 === 4 ? {} : { email: `${toMailbox(name)}@${at % 3 === 0 ? 'mail.test' : 'example.com'}` }),
  ...(at % 7 === 3 ? {} : { phone: toPhone(at) }),
}));

function toMailbox(name: string): string {
  const plain = name.replaceAll(/[øØ]/g, 'o').replaceAll(/[łŁ]/g, 'l').replaceAll(/[đĐ]/g, 'd').replaceAll('ß', 'ss');
  const ascii = plain.replaceAll('ı', 'i').replaceAll(/[þÞ]/g, 'th').normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return ascii.toLowerCase().replaceAll(/[^a-z]+/g, '.');
}

/** Numbers kept for fiction: French mobiles 06 39 98 xx xx and North American 555-01xx. */
function toPhone(at: number): string {
  return at % 2 === 0 ? `+33 6 39 98 ${String(10 + at)} 0${at % 10}` : `+1 202 555 01${String(10 + at)}`;
}
