/** What an agent or a tool may do, as data. */

/** A schema of a value, as in JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * An HTTP request with places for values: `{{args.city}}` is an argument, `{{secrets.WEATHER_KEY}}` a secret of the project. A place
 * that is all of a text in `body` keeps the type of its value.
 */
export type HttpRequestTemplate = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Sent as JSON; null: no body. */
  readonly body: unknown
}

/** `name` is what the model calls it by: letters, digits, `_` and `-`, unique within its agent or tool. */
export type ActionSpec = { readonly name: string; readonly description: string } & (
  | { readonly type: 'memory_search'; readonly limit: number }
  /** Keeps a text in the scope of the run; in this topic of its group, or routed by the extractor when null. */
  | { readonly type: 'memory_add'; readonly topic: string | null }
  | {
      readonly type: 'http'
      readonly parameters: JsonSchema
      readonly request: HttpRequestTemplate
      readonly timeoutMs: number
    }
  /** The tools of an MCP server (Streamable HTTP), each offered as `<name>_<tool>`; only those named, unless null. */
  | {
      readonly type: 'mcp'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly tools: readonly string[] | null
    }
  | { readonly type: 'agent'; readonly agentId: string }
)
