import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';

/** A JSON schema as the document holds it. */
export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
};

type Content = Record<string, { schema: Schema }>;
type Parameter = { in: 'query' | 'path' | 'header'; name: string; required?: boolean; schema: Schema };
type OperationObject = {
  operationId: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};

type Document = {
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
};

/** One operation of the document. */
export type Operation = {
  id: string;
  method: string;
  path: string;
  tag: string;
  parameters: readonly Parameter[];
  body: Schema | undefined;
  responses: OperationObject['responses'];
};

/** The OpenAPI document as a gateway serves it: what it says may be asked, and whether an answer is one that it names. */
export class ApiDocument {
  /** Every operation, in the order of the document. */
  readonly operations: readonly Operation[];
  readonly #schemas: Record<string, Schema>;
  readonly #validators = new Map<string, ValidateFunction>();
  // The document's dates carry patterns as well, so that no second opinion on formats is needed.
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  private constructor(document: Document) {
    this.#schemas = document.components.schemas;
    this.#ajv.addSchema({ $id: 'document', components: document.components });
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        tag: operation.tags[0] ?? '',
        parameters: operation.parameters ?? [],
        body: operation.requestBody?.content['application/json']?.schema,
        responses: operation.responses,
      })),
    );
  }

  /** Reads the document from a gateway. */
  static async of(gatewayUrl: string): Promise<ApiDocument> {
    const response = await fetch(`${gatewayUrl}/api/openapi.json`);
    return new ApiDocument((await response.json()) as Document);
  }

  /** The schema itself, where only its name is given. */
  resolve(schema: Schema): Schema {
    return schema.$ref ? this.#schemas[schema.$ref.replace('#/components/schemas/', '')]! : schema;
  }

  /** What of an answer the document does not foresee, in words; nothing when it is as described. */
  faultsOf(operation: Operation, answer: { status: number; contentType: string; text: string }): string[] {
    const described = operation.responses[String(answer.status)];
    if (!described) return [`the status ${answer.status} is not described: ${answer.text.slice(0, 200)}`];
    if (!described.content) return answer.text === '' ? [] : [`a body where none is described: ${answer.text}`];
    const type = answer.contentType.split(';')[0] ?? '';
    const schema = described.content[type]?.schema;
    if (!schema) return [`the content type ${type} is not described`];
    if (type === 'text/event-stream') return [];
    const validate = this.#validatorOf(schema);
    validate(JSON.parse(answer.text));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  }

  #validatorOf(schema: Schema): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const known = this.#validators.get(text);
    if (known) return known;
    const validate = this.#ajv.compile(JSON.parse(text) as object);
    this.#validators.set(text, validate);
    return validate;
  }
}
