/**
 * Reads the message types of the built-in kinds from the Go modules of Kubernetes and writes `messages.gen.json`; its format is
 * told at `parseField` in `message-types.ts`. Numbers and types stand in each package's `generated.proto`, names in JSON, pointers
 * and inline structs in the tags of its Go structs. Run it with `node sandbox/api/protobuf/extract-messages.ts` where `go` and
 * its module cache (or proxy) are, when the Kubernetes version moves.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of Kubernetes 1.34; that which `e2e/client-go/go.mod` has. */
const VERSION = 'v0.34.4';
const API_GROUPS = [
  'core/v1',
  'apps/v1',
  'batch/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'networking/v1',
  'policy/v1',
  'rbac/v1',
  'storage/v1',
  'coordination/v1',
  'events/v1',
  'discovery/v1',
  'authentication/v1',
  'authorization/v1',
  'certificates/v1',
  'scheduling/v1',
  'node/v1',
  'admissionregistration/v1',
];
/** Module, folder in it, and the short name that its messages begin with. */
const PACKAGES: readonly (readonly [module: string, folder: string, short: string])[] = [
  ['k8s.io/apimachinery', 'pkg/apis/meta/v1', 'meta'],
  ['k8s.io/apimachinery', 'pkg/runtime', 'runtime'],
  ['k8s.io/apimachinery', 'pkg/util/intstr', 'intstr'],
  ['k8s.io/apimachinery', 'pkg/api/resource', 'resource'],
  ...API_GROUPS.map((folder) => ['k8s.io/api', folder, folder.replace('/', '.')] as const),
  ['k8s.io/apiextensions-apiserver', 'pkg/apis/apiextensions/v1', 'apiextensions.v1'],
  ['k8s.io/kube-aggregator', 'pkg/apis/apiregistration/v1', 'apiregistration.v1'],
];
const SHORT_NAMES = new Map(
  PACKAGES.map(([module, folder, short]) => [`${module}/${folder}`.replaceAll('/', '.'), short]),
);
const SCALARS: Readonly<Record<string, string>> = {
  string: 's',
  int32: 'i',
  int64: 'i',
  bool: 'b',
  bytes: 'y',
  double: 'd',
};

/** What a struct's field says that the `.proto` does not. */
interface GoField {
  readonly json: string | undefined;
  readonly pointer: boolean;
}

function moduleFolder(module: string): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${VERSION}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return (JSON.parse(answer.toString()) as { Dir: string }).Dir;
}

/** The fields of a package's structs, by `Struct.number`. */
function goFields(folder: string): Map<string, GoField> {
  const fields = new Map<string, GoField>();
  const files = readdirSync(folder).filter((file) => /(?<!_test|\.pb)\.go$/.test(file));
  for (const file of files) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, struct = '', body = ''] of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms))
      for (const [, declared = '', tags = ''] of body.matchAll(/^\t([^/`\n]+)`([^`]*)`/gm)) {
        const number = /protobuf:"\w+,(\d+),/.exec(tags)?.[1];
        if (number === undefined) continue;
        const json = /json:"([^"]*)"/.exec(tags)?.[1];
        fields.set(`${struct}.${number}`, { json, pointer: /(^|\s)\*/.test(declared) });
      }
  }
  return fields;
}

function packType(proto: string, own: string): string {
  const scalar = SCALARS[proto];
  if (scalar !== undefined) return scalar;
  const dot = proto.lastIndexOf('.');
  if (dot === -1) return `${own}.${proto}`;
  const path = proto.slice(0, dot).replace(/^\./, '');
  const short = SHORT_NAMES.get(path);
  if (short === undefined) throw new Error(`no package is read for ${proto}`);
  return `${short}.${proto.slice(dot + 1)}`;
}

/** A field of a `.proto` that is not a comment: `map<string, TYPE> NAME = 1;`, `optional TYPE NAME = 1;`, `repeated TYPE NAME = 1;`. */
const PROTO_FIELD = /^ {2}(?:map<\w+, ([\w.]+)>|(optional|repeated) ([\w.]+)) (\w+) = (\d+);/gm;

function packMessage(body: string, own: string, goField: (number: string) => GoField | undefined): string {
  const fields: string[] = [];
  for (const [, ofMap, label, one = '', name = '', number = ''] of body.matchAll(PROTO_FIELD)) {
    const { json = name, pointer = false } = goField(number) ?? {};
    const inline = json === ',inline';
    const shape = ofMap !== undefined ? '%' : label === 'repeated' ? '+' : '';
    const marks = `${pointer ? '*' : ''}${inline ? '^' : ''}${shape}`;
    const jsonName = inline ? name : json.split(',')[0];
    fields.push(`${number}${marks} ${jsonName} ${packType(ofMap ?? one, own)}`);
  }
  return fields.join(',');
}

/** Clients send no lists, so their types are left out. */
function extract(): Record<string, string> {
  const folders = new Map([...new Set(PACKAGES.map(([module]) => module))].map((m) => [m, moduleFolder(m)]));
  const messages: Record<string, string> = {};
  for (const [module, inModule, short] of PACKAGES) {
    const folder = join(folders.get(module)!, inModule);
    const fields = goFields(folder);
    const proto = readFileSync(join(folder, 'generated.proto'), 'utf8');
    for (const [, name = '', body = ''] of proto.matchAll(/^message (\w+) \{\n(.*?)^\}/gms))
      if (!name.endsWith('List'))
        messages[`${short}.${name}`] = packMessage(body, short, (number) => fields.get(`${name}.${number}`));
  }
  return messages;
}

const lines = Object.entries(extract()).map((entry) => entry.map((text) => JSON.stringify(text)).join(':'));
writeFileSync(new URL('messages.gen.json', import.meta.url), `{${lines.join(',\n')}}\n`);
