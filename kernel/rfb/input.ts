/** What a person does at a screen. */
export type ScreenInput =
  /** `keysym`: X11's; `scancode`: XT set 1 as QEMU's extended key event has it (0 when not known). */
  | { readonly type: 'key'; readonly down: boolean; readonly keysym: number; readonly scancode: number }
  /** `buttons`: RFB's mask (left 1, middle 2, right 4, wheel 8 to 64). */
  | { readonly type: 'pointer'; readonly x: number; readonly y: number; readonly buttons: number }
  | { readonly type: 'clipboard'; readonly text: string };
