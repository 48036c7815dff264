import { strings } from '../strings.ts';
import { toast } from './toasts.ts';

/** False when the browser does not allow it; over plain HTTP it has no clipboard at all. */
export async function putOnClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Undefined, and `refused` is said, when the browser does not allow it. */
export async function readClipboard(refused: string): Promise<string | undefined> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    toast('warn', refused);
    return undefined;
  }
}

/** Puts a text on the clipboard and says so, or that it is not allowed. True when it is there. */
export async function copyText(
  text: string,
  said: string = strings.copied,
  refused: string = strings.copyFailed,
): Promise<boolean> {
  const there = await putOnClipboard(text);
  toast(there ? 'ok' : 'warn', there ? said : refused);
  return there;
}
