// Loaded before any TypeScript, because Node 20 cannot read a .ts file well enough to explain itself.
import * as nodeModule from 'node:module'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `Signpost needs Node 24 and this is Node ${process.versions.node}. Start it with "npm start" after "npm ci" (Linux brings its own Node 24), or install Node 24.\n`,
  )
  process.exit(1)
}
// Keeps compiled code between starts. Node 24 has it; the check above must be able to load on older ones.
nodeModule.enableCompileCache()
