/** The OpenAPI document as tests need it: a list of operations, so that a test can go over every route there is. */
import type { TestApp } from './test-app.ts'

export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: JsonSchema
}

export type Operation = {
  /** `GET /v1/runs/{run_id}` */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly needsKey: boolean
  readonly parameters: readonly Parameter[]
  readonly body: JsonSchema | null
  /** Of the form that it takes as well, if it does. */
  readonly form: JsonSchema | null
  readonly statuses: readonly string[]
}

type Document = {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly security?: unknown
            readonly parameters?: readonly Parameter[]
            readonly requestBody?: { readonly content: Readonly<Record<string, { schema: JsonSchema }>> }
            readonly responses: Readonly<Record<string, unknown>>
          }
        >
      >
    >
  >
}

export const operationsOf = async (app: Pick<TestApp, 'request'>): Promise<readonly Operation[]> => {
  const { body } = await app.request<Document>('GET', '/openapi.json')
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      needsKey: operation.security !== undefined,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content['application/json']?.schema ?? null,
      form: operation.requestBody?.content['multipart/form-data']?.schema ?? null,
      statuses: Object.keys(operation.responses),
    })),
  )
}
