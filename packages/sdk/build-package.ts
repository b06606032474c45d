/**
 * Makes `dist`, where tsc has put JavaScript and declarations, a package to publish: `npm publish packages/sdk/dist`. Inside
 * the workspace the sources are used as they are.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const { scripts, ...published } = JSON.parse(readFileSync(here('package.json'), 'utf8'))
published.exports = { '.': { types: './index.d.ts', default: './index.js' } }
published.sideEffects = false

writeFileSync(here('dist/package.json'), `${JSON.stringify(published, null, 2)}\n`)
copyFileSync(here('README.md'), here('dist/README.md'))
