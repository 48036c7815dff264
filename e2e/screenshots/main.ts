import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { openBrowser } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { shootReadme } from './readme-pictures.ts';
import type { Scene } from './scene.ts';
import { failed, FOLDER, isCombination, shoot } from './shoot.ts';
import { settled } from './stages.ts';

/**
 * Pictures of every state of the console, in two sizes and both themes, against a gateway with an embedded cluster: to be
 * looked at. Also makes the README's pictures. `npm run screenshots [-- WORD …]` makes those whose name has one of the words, in
 * the combinations named (`wide-dark`). How to add one: README.md.
 */
const SCENES_FOLDER = path.join(import.meta.dirname, 'scenes');

/** Of all files in `scenes/`, by their names. */
async function readScenes(): Promise<readonly Scene[]> {
  const files = (await readdir(SCENES_FOLDER)).toSorted();
  const found = await Promise.all(
    files.map((file) => import(path.join(SCENES_FOLDER, file)) as Promise<{ scenes: readonly Scene[] }>),
  );
  const all = found.flatMap(({ scenes }) => scenes);
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice) throw new Error(`two scenes are called ${twice.name}`);
  return all;
}

async function main(words: readonly string[], combinations: readonly string[]): Promise<void> {
  const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
  const scenes = (await readScenes()).filter(({ name }) => wanted(name));
  if (words.length === 0 && combinations.length === 0) await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const gateway = await GatewayProcess.start();
  const browser = await openBrowser();
  try {
    await settled(gateway);
    for (const scene of scenes.filter(({ kills }) => !kills)) {
      await shoot(browser, gateway, scene, combinations);
      process.stdout.write(`${scene.name}\n`);
    }
    if (wanted('readme')) await shootReadme(browser);
    for (const scene of scenes.filter(({ kills }) => kills)) {
      await gateway.kill();
      await shoot(browser, gateway, scene, combinations).catch((error: unknown) => {
        failed.push(`${scene.name}: ${String(error)}`);
      });
      process.stdout.write(`${scene.name}\n`);
    }
  } finally {
    await browser.close();
    await gateway.close();
  }
}

const args = process.argv.slice(2);
await main(
  args.filter((word) => !isCombination(word)),
  args.filter(isCombination),
);
if (failed.length > 0) {
  process.stderr.write(`\n${failed.join('\n')}\n`);
  process.exitCode = 1;
}
