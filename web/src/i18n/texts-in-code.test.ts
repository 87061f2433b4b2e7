import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import * as enDesk from './en/desk.ts';
import * as enFirst from './en/first.ts';

/**
 * Reads the app's own source: a key nobody shows, a key that has no text, and a text that stands in the code instead of the
 * catalogues each fail here.
 */

type Texts = { [key: string]: string | Texts };

const root = join(process.cwd(), 'web', 'src');
/** Words that are the same in every language, and the page of parts, which only those who build see. */
const names = new Set(['Daybook', 'Cal.com', 'Ctrl', '⌘K', 'example.invalid']);
const notForReaders = /(\.test\.tsx?$|\/testing\/|\/i18n\/|routes\/design\.tsx$)/;
/** Properties of elements that are read or heard. */
const spoken =
  /^(aria-(label|description|valuetext|roledescription|placeholder)|alt|title|label|placeholder|hint|lead|legend|description|closeLabel|word|sentence|words|summary|optional)$/;

function flatten(texts: Texts, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}${key}`] : flatten(value, `${path}${key}.`),
  );
}

const withoutCount = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');
const keys = new Set([...flatten(enFirst.first), ...flatten(enDesk.desk)].map(withoutCount));

type Source = { name: string; tree: ts.SourceFile };

const sources: Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !notForReaders.test(`/${name}`))
  .map((name) => {
    const path = join(root, name);
    const text = readFileSync(path, 'utf8');
    return { name: relative(root, path), tree: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
  });

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function everyNode(look: (node: ts.Node, source: Source) => void): void {
  for (const source of sources) visit(source.tree, (node) => look(node, source));
}

const place = (node: ts.Node, { name, tree }: Source) =>
  `${name}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;

/** The shape of keys a template stands for: `status.${x}` may be any key with one part there. */
function shapeOf(template: ts.TemplateExpression): RegExp {
  const parts = [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[A-Za-z0-9_]+')}$`);
}

test('every text is shown somewhere, and every key that is asked for has a text', () => {
  const used = new Set<string>();
  const unknown: string[] = [];
  const shapes: RegExp[] = [];
  everyNode((node, source) => {
    // Tables of keys hand them on as plain texts, so every text that is a key counts as used.
    if (ts.isStringLiteralLike(node) && keys.has(node.text)) used.add(node.text);
    if (ts.isTemplateExpression(node) && /^[a-zA-Z]+\./.test(node.head.text)) shapes.push(shapeOf(node));
    if (ts.isCallExpression(node) && /(^|\.)t$/.test(node.expression.getText(source.tree))) {
      const [key] = node.arguments;
      if (key !== undefined && ts.isStringLiteralLike(key) && !keys.has(key.text))
        unknown.push(`${place(key, source)} ${key.text}`);
      if (key !== undefined && ts.isTemplateExpression(key) && ![...keys].some((known) => shapeOf(key).test(known)))
        unknown.push(`${place(key, source)} ${key.getText(source.tree)}`);
    }
  });
  expect(unknown).toEqual([]);
  expect([...keys].filter((key) => !used.has(key) && !shapes.some((shape) => shape.test(key)))).toEqual([]);
  // Were nothing read, nothing would be found.
  expect(used.size).toBeGreaterThan(300);
});

test('no text for readers stands in the code', () => {
  const found: string[] = [];
  const collect = (values: string[], node: ts.Node, source: Source) => {
    for (const value of values) {
      const isText = /\p{L}{2}/u.test(value) && !names.has(value.replaceAll('·', '').trim());
      if (isText) found.push(`${place(node, source)} ${value.trim()}`);
    }
  };
  everyNode((node, source) => {
    if (ts.isJsxText(node)) collect([node.text], node, source);
    if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent)))
      collect(valuesOf(node), node, source);
    if (ts.isJsxAttribute(node) && spoken.test(node.name.getText(source.tree)))
      collect(valuesOf(node.initializer), node, source);
    if (ts.isPropertyAssignment(node) && isObjectOfToast(node, source))
      collect(valuesOf(node.initializer), node, source);
    if (ts.isCallExpression(node) && /^announce$/.test(node.expression.getText(source.tree)))
      collect(valuesOf(node.arguments[0]), node, source);
  });
  expect(found).toEqual([]);
});

function isObjectOfToast(node: ts.PropertyAssignment, { tree }: Source): boolean {
  const call = node.parent.parent;
  return (
    spoken.test(node.name.getText(tree)) && ts.isCallExpression(call) && call.expression.getText(tree) === 'showToast'
  );
}

/** The texts an expression may be: not what it compares with or hands to a function. */
function valuesOf(node: ts.Node | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node)) return valuesOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...valuesOf(node.whenTrue), ...valuesOf(node.whenFalse)];
  if (!ts.isBinaryExpression(node)) return [];
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return valuesOf(node.right);
  const joins = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.PlusToken];
  return joins.includes(kind) ? [...valuesOf(node.left), ...valuesOf(node.right)] : [];
}
